// Writing: any mapped value into one file, stream, sink or object with write().
//
//     jl::dump(obj, "test.pkl.gz");
//     jl::dump(obj, "test.pkl", {.compress = {"gzip", 3}});
//     jl::dump(obj, "test.pkl.zst", {.shuffle = true});
//
//     std::ofstream out("two.pkl", std::ios::binary);
//     jl::dump(a, out), jl::dump(b, out);
//
//     jl::dump(step, "log.pkl", {.append = true});        // read again by jl::read_all
//
// A path is replaced atomically: after any failure the old file is as it was, also after a failed append (a process
// that is killed there leaves a torn end). Appending writers wait for one another (flock). Same value, same bytes, at
// any number of threads. Thread-safe for distinct targets. Errors: jl::Error naming the file, or what the sink threw.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>

#include <jl/codec.hpp>
#include <jl/file_descriptor.hpp>
#include <jl/mapping.hpp>
#include <jl/progress.hpp>
#include <jl/sink.hpp>
#include <jl/stdio.hpp>

namespace jl {

// refuse: Error{truncated} names the byte where the torn object begins. cut: it is cut off.
enum class TornEnd : std::uint8_t { refuse, cut };

struct DumpOptions {
    Compress compress = {};  // by the file's extension; streams: none
    // The bytes of arrays' items are shuffled before they are compressed: numbers of similar size become smaller and
    // faster. Error{usage} without a compressor; blosc shuffles anyway.
    bool shuffle = false;
    unsigned n_threads = 0;          // 0: the cores available to the process
    bool sync = false;               // the file and its directory reach the disk before dump returns (paths only)
    ProgressCallback progress = {};  // none
    // Behind the objects of an uncompressed file, which is made where it is absent, instead of in its place (paths
    // only).
    bool append = false;
    TornEnd torn_end = TornEnd::refuse;  // append: an end that a killed writer left
};

namespace detail {
using Writing = std::function<void(Emitter&)>;
void dump_to_path(const Writing& write, const std::filesystem::path& path, const DumpOptions& options);
void dump_to_sink(const Writing& write, Sink& sink, const DumpOptions& options);
void dump_to_stream(const Writing& write, std::ostream& stream, const DumpOptions& options);
}  // namespace detail

template <class T>
void dump(const T& value, const std::filesystem::path& path, const DumpOptions& options = {}) {
    detail::dump_to_path([&](Emitter& out) { jl::emit(out, value); }, path, options);
}

template <class T>
void dump(const T& value, std::ostream& stream, const DumpOptions& options = {}) {
    detail::dump_to_stream([&](Emitter& out) { jl::emit(out, value); }, stream, options);
}

// A file, pipe or socket, where it stands: FileDescriptor{fd}.
template <class T>
void dump(const T& value, const FileDescriptor& descriptor, const DumpOptions& options = {}) {
    DescriptorSink sink(descriptor);
    detail::dump_to_sink([&](Emitter& out) { jl::emit(out, value); }, sink, options);
}

template <class T>
void dump(const T& value, std::FILE* file, const DumpOptions& options = {}) {
    StdioSink sink(file);
    detail::dump_to_sink([&](Emitter& out) { jl::emit(out, value); }, sink, options);
}

// Behind what the vector holds.
template <class T>
void dump(const T& value, std::vector<std::byte>& bytes, const DumpOptions& options = {}) {
    VectorSink sink(bytes);
    detail::dump_to_sink([&](Emitter& out) { jl::emit(out, value); }, sink, options);
}

template <class T>
void dump(const T& value, Sink& sink, const DumpOptions& options = {}) {
    detail::dump_to_sink([&](Emitter& out) { jl::emit(out, value); }, sink, options);
}

// Any object with write(std::span<const std::byte>), which may return how many bytes it took.
template <class T, WritableObject Store>
requires(!std::derived_from<Store, std::ostream>) void dump(const T& value, Store& store,
                                                            const DumpOptions& options = {}) {
    ObjectSink<Store> sink(store);
    dump(value, static_cast<Sink&>(sink), options);
}

}  // namespace jl
