// Every kind of place that an object goes to and comes from, each the real thing, behind one form:
//
//     kind.write([&](auto&& target) { dump(a, target); dump(b, target); });     // then committed, where there is a
//     commit kind.read([&](auto&& source) { auto a = load<A>(source); }); kind.content();   kind.put(bytes); // all its
//     bytes
//
// exact: behind a compressed object the source stands right where it ends; others refuse, and lose nothing in silence.
// bounded: neither direction keeps the object's bytes in memory by itself.
#pragma once

#include <boost/iostreams/device/file.hpp>
#include <boost/iostreams/device/file_descriptor.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

#include <jl/iostreams_device.hpp>
#include <jl/jl.hpp>
#include <jl/url.hpp>

#include "contract/support/pump.hpp"
#include "remote/support/stores.hpp"
#include "remote/support/web_server.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {

// The bytes are in a file of a folder of its own.
class InFile {
  public:
    static constexpr bool exact = true, bounded = true;
    std::string content() const { return read_file(path_); }
    void put(const std::string& bytes) const { write_file(path_, bytes); }

  protected:
    TempDir dir_;
    std::string path_ = dir_ / "x.pkl";
};

struct Path : InFile {
    void write(auto work) { work(std::filesystem::path(path_)); }
    void read(auto work) { work(std::filesystem::path(path_)); }
};

struct Memory {
    static constexpr bool exact = true, bounded = false;
    std::vector<std::byte> bytes;
    void write(auto work) {
        std::vector<std::byte> fresh;
        work(fresh);
        bytes = fresh;
    }
    void read(auto work) { work(std::span<const std::byte>(bytes)); }
    std::string content() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
    void put(const std::string& text) {
        const auto all = std::as_bytes(std::span(text));
        bytes.assign(all.begin(), all.end());
    }
};

struct FileStream : InFile {
    void write(auto work) {
        std::ofstream out(path_, std::ios::binary);
        work(static_cast<std::ostream&>(out));
    }
    void read(auto work) {
        std::ifstream in(path_, std::ios::binary);
        work(static_cast<std::istream&>(in));
    }
};

struct StringStream {
    static constexpr bool exact = true, bounded = false;
    std::string text;
    void write(auto work) {
        std::ostringstream out;
        work(static_cast<std::ostream&>(out));
        text = out.str();
    }
    void read(auto work) {
        std::istringstream in(text);
        work(static_cast<std::istream&>(in));
    }
    std::string content() const { return text; }
    void put(const std::string& bytes) { text = bytes; }
};

struct Stdio : InFile {
    void write(auto work) {
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path_.c_str(), "wb"), &std::fclose);
        work(file.get());
    }
    void read(auto work) {
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path_.c_str(), "rb"), &std::fclose);
        work(file.get());
    }
};

// A FILE* that cannot seek.
struct StdioPipe : InFile {
    void write(auto work) {
        Drain drain(path_, Drain::pipe());
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(::fdopen(drain.release(), "wb"), &std::fclose);
        work(file.get());
    }
    void read(auto work) {
        Feed feed(path_, Drain::pipe());
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(::fdopen(feed.release(), "rb"), &std::fclose);
        work(file.get());
    }
};

struct DescriptorFile : InFile {
    void write(auto work) {
        const OwnedFd fd(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        work(FileDescriptor{fd.get()});
    }
    void read(auto work) {
        const OwnedFd fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
        work(FileDescriptor{fd.get()});
    }
};

// Descriptors with somebody at the other end.
template <auto make_ends>
struct DescriptorTo : InFile {
    void write(auto work) {
        Drain drain(path_, make_ends());
        work(FileDescriptor{drain.fd()});
    }
    void read(auto work) {
        Feed feed(path_, make_ends());
        work(FileDescriptor{feed.fd()});
    }
};
struct DescriptorPipe : DescriptorTo<&Drain::pipe> {};
struct DescriptorSocket : DescriptorTo<&Drain::socket> {};
struct DescriptorThatDoesNotWait : DescriptorTo<&Drain::pipe_that_does_not_wait> {};

// Boost.Iostreams: a chain with a filter in it, a device by itself, and one that cannot seek.
struct Chain : InFile {
    void write(auto work) {
        boost::iostreams::filtering_ostream out;
        out.push(boost::iostreams::file_sink(path_, std::ios::binary));
        work(static_cast<std::ostream&>(out));
        boost::iostreams::close(out);
    }
    void read(auto work) {
        boost::iostreams::filtering_istream in;
        in.push(boost::iostreams::file_source(path_, std::ios::binary));
        work(static_cast<std::istream&>(in));
    }
};

struct Device : InFile {
    void write(auto work) {
        boost::iostreams::file_sink device(path_, std::ios::binary);
        work(device);
        device.close();
    }
    void read(auto work) {
        boost::iostreams::file device(path_, std::ios::in | std::ios::binary);
        work(device);
    }
};

struct DevicePipe : InFile {
    static constexpr bool exact = false;
    struct Out {  // takes at most 1 000 bytes at a time
        using char_type = char;
        using category = boost::iostreams::sink_tag;
        std::ofstream* file;
        std::streamsize write(const char* bytes, std::streamsize count) {
            count = std::min<std::streamsize>(count, 1'000);
            file->write(bytes, count);
            return count;
        }
    };
    struct In {
        using char_type = char;
        using category = boost::iostreams::source_tag;
        boost::iostreams::file_descriptor_source* file;
        std::streamsize read(char* into, std::streamsize count) { return file->read(into, count); }
    };
    void write(auto work) {
        std::ofstream file(path_, std::ios::binary);
        Out device{&file};
        work(device);
    }
    void read(auto work) {
        boost::iostreams::file_descriptor_source file(path_, std::ios::binary);
        In device{&file};
        work(device);
    }
};

// Any object with write(span) and read(span): as many bytes at a time as `piece`, and write may tell how many it took.
template <std::size_t piece>
struct Object : InFile {
    static constexpr bool exact = false;
    struct Store {
        std::FILE* file;
        std::size_t write(std::span<const std::byte> bytes) {
            return std::fwrite(bytes.data(), 1, std::min(piece, bytes.size()), file);
        }
        std::size_t read(std::span<std::byte> into) {
            return std::fread(into.data(), 1, std::min(piece, into.size()), file);
        }
    };
    void write(auto work) {
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path_.c_str(), "wb"), &std::fclose);
        Store store{file.get()};
        work(store);
    }
    void read(auto work) {
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path_.c_str(), "rb"), &std::fclose);
        Store store{file.get()};
        work(store);
    }
};
struct Objects : Object<std::size_t{1} << 30> {};
struct OneByteAtATime : Object<1> {};
struct SomeBytesAtATime : Object<4'099> {};

#ifdef JL_HAS_CURL

// Written as files are, read in one request.
struct Http {
    static constexpr bool exact = false, bounded = true;
    void write(auto work) {
        std::ofstream out(server() / "x.pkl", std::ios::binary);
        work(static_cast<std::ostream&>(out));
    }
    void read(auto work) { work(*stream_url(server().url("x.pkl"))); }
    static std::string content() { return read_file(server() / "x.pkl"); }
    static void put(const std::string& bytes) { write_file(server() / "x.pkl", bytes); }
    static WebServer& server() {
        static WebServer one;
        return one;
    }
};

#endif

// Written through a sink that is committed, read in order.
template <char... letters>
struct Stored {
    static constexpr bool exact = false, bounded = true, committed = true;
    void write(auto work) {
        const auto sink = create_url(store().url("x.pkl"));
        work(static_cast<Sink&>(*sink));
        sink->commit();
    }
    void read(auto work) { work(*stream_url(store().url("x.pkl"))); }
    static std::string content() { return store().bytes("x.pkl"); }
    static void put(const std::string& bytes) { store().put("x.pkl", bytes); }
    static Store& store() { return store_named({letters...}); }
};
struct Redis : Stored<'r', 'e', 'd', 'i', 's'> {};
struct Sqlite : Stored<'s', 'q', 'l', 'i', 't', 'e'> {};
struct S3 : Stored<'s', '3'> {};

// What is left in a source.
inline std::string rest_of(std::istream& in) { return {std::istreambuf_iterator<char>(in), {}}; }

template <class Read>
std::string all_of(Read read) {
    std::string all, piece(4'096, '\0');
    for (;;) {
        const auto count = static_cast<std::size_t>(read(piece));
        if (count == 0) return all;
        all.append(piece, 0, count);
    }
}
inline std::string rest_of(std::FILE* file) {
    return all_of([&](std::string& piece) { return std::fread(piece.data(), 1, piece.size(), file); });
}
inline std::string rest_of(const FileDescriptor& from) {
    DescriptorSource source(from);
    return all_of([&](std::string& piece) { return source.read(std::as_writable_bytes(std::span(piece))); });
}
template <class Source>
requires(!std::derived_from<Source, std::ios_base> && !std::same_as<Source, FileDescriptor>) std::string
    rest_of(Source& source) {
    return all_of([&](std::string& piece) {
        if constexpr (DeviceForInput<Source>)
            return std::max<std::streamsize>(
                boost::iostreams::read(source, piece.data(), static_cast<std::streamsize>(piece.size())), 0);
        else
            return source.read(std::as_writable_bytes(std::span(piece)));
    });
}

}  // namespace jl::test
