// Files of the operating system: read at any offset, replaced atomically, mapped.
//
//     AtomicFile out("x.pkl");  out.write(bytes);  out.commit(AtomicFile::Sync::yes);   // old or new, nothing between
//
//     FileSource in("x.pkl");   in.read_at(0, header);
//
// Every failure is Error{ErrorCode::io} with the file's name and the system's reason. EINTR and short transfers are
// handled here.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <jl/sink.hpp>
#include <jl/source.hpp>

namespace jl {

namespace detail {
struct Target;
}

// Owns one descriptor.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();
    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }
    int close() noexcept;  // 0, or the errno that the destructor would not tell

  private:
    int fd_ = -1;
};

enum class FileAccess { read, read_write };

class FileSource final : public RandomSource {
  public:
    explicit FileSource(std::string path, FileAccess access = FileAccess::read);
    // An open file; `name` is for messages.
    FileSource(std::string name, Descriptor file);
    std::uint64_t size() const override { return size_; }
    void read_at(std::uint64_t offset, std::span<std::byte> into) const override;
    // Precondition: opened with read_write. Not for use by several threads: writing behind the end moves size().
    void write_at(std::uint64_t offset, std::span<const std::byte> bytes);
    void sync();
    const std::string& path() const noexcept { return path_; }
    bool has_path() const noexcept { return has_path_; }  // else path() is for messages alone
    int descriptor() const noexcept { return fd_.get(); }
    // False for what can only be read in order (pipes, sockets, terminals: through PipeSource); what is not there at
    // all, and folders, are left to the constructor's error.
    static bool is_regular(const std::string& path);

  private:
    std::string path_;
    bool has_path_;
    Descriptor fd_;
    std::uint64_t size_ = 0;
};

// A descriptor that is read in order (pipe, standard input, terminal); does not own it. Waits where it is non-blocking.
class PipeSource final : public Source {
  public:
    PipeSource(int fd, std::string name) noexcept : fd_(fd), name_(std::move(name)) {}
    std::size_t read(std::span<std::byte> into) override;

    // Opens what can only be read in order: a pipe, a device, /dev/stdin.
    static Descriptor open(const std::string& path);

  private:
    int fd_;
    std::string name_;
};

class PipeSink final : public Sink {
  public:
    PipeSink(int fd, std::string name) noexcept : fd_(fd), name_(std::move(name)) {}
    void write(std::span<const std::byte> bytes) override;

  private:
    int fd_;
    std::string name_;
};

// Writes a file without a name in the folder of `path`, which commit() puts in the place of `path`: nothing is left of
// a process that is killed. Where the file system has no such files, and for an instant of commit(), its name is
// ".<name>.<pid>-<random>.tmp"; destruction without commit removes it. A symbolic link stays, what it points to is
// replaced; permissions of a replaced file are kept. Where `path` names something that is not a regular file (a device,
// a pipe, /dev/stdout) it is written in place. Unbuffered: every write is a system call.
class AtomicFile final : public RandomSink {
  public:
    enum class Temporary { unnamed, named };  // unnamed: where the file system has such files
    explicit AtomicFile(std::string path, Temporary temporary = Temporary::unnamed);
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;
    ~AtomicFile() override;
    void write(std::span<const std::byte> bytes) override;
    std::optional<std::uint64_t> position() override;
    // Both are Error{usage} where !seekable(); write_at also for bytes outside of what was written or reserved.
    std::uint64_t reserve(std::uint64_t count) override;
    // Moves position() forward over bytes that read as zeros once others follow, and take no room where files can be
    // sparse. Error{usage} where !seekable().
    void skip(std::uint64_t count);
    void write_at(std::uint64_t offset, std::span<const std::byte> bytes) override;
    bool seekable() const noexcept { return !in_place_; }
    enum class Sync { no, yes };  // yes: file and directory reach the disk before commit() returns
    void commit(Sync sync);

  private:
    void open_temporary(const detail::Target& target, Temporary temporary);
    template <class Create>
    void under_new_name(Create create);
    bool take_free_name();
    void drop_name() noexcept;
    void require_open() const;
    void require_seekable() const;

    std::string path_;       // as given, for messages
    std::string target_;     // with symbolic links followed
    std::string temporary_;  // empty: has no name yet, or is written in place
    bool in_place_ = true;
    Descriptor fd_;
    unsigned mode_ = 0;                        // permissions that commit() gives
    std::atomic<std::uint64_t> position_ = 0;  // one thread moves it while others write_at below it
    bool committed_ = false;
};

}  // namespace jl
