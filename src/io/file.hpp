// Files of the operating system: read at any offset, replaced atomically, mapped.
//
//     AtomicFile out("x.pkl");  out.write(bytes);  out.commit({.sync = true});   // old file or new file, nothing between
//     FileSource in("x.pkl");   in.read_at(0, header);
//
// Every failure is Error{ErrorCode::io} with the file's name and the system's reason. EINTR and short transfers are handled here.
#pragma once

#include <jl/sink.hpp>
#include <jl/source.hpp>

#include <memory>
#include <string>

namespace jl {

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

  private:
    int fd_ = -1;
};

enum class FileAccess { read, read_write };

class FileSource final : public RandomSource {
  public:
    explicit FileSource(std::string path, FileAccess access = FileAccess::read);
    std::uint64_t size() const override { return size_; }
    void read_at(std::uint64_t offset, std::span<std::byte> into) const override;
    // Precondition: opened with read_write.
    void write_at(std::uint64_t offset, std::span<const std::byte> bytes);
    void sync();
    const std::string& path() const noexcept { return path_; }
    int descriptor() const noexcept { return fd_.get(); }
    // False for pipes, sockets and the like: they can only be read in order (through PipeSource).
    static bool is_regular(const std::string& path);

  private:
    std::string path_;
    Descriptor fd_;
    std::uint64_t size_ = 0;
};

// A descriptor that is read in order (pipe, standard input, terminal); does not own it.
class PipeSource final : public Source {
  public:
    PipeSource(int fd, std::string name) noexcept : fd_(fd), name_(std::move(name)) {}
    std::size_t read(std::span<std::byte> into) override;

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

// Writes a temporary file beside `path` and renames it over `path` on commit(); destruction without commit removes it.
// Where `path` names something that is not a regular file (a device, a pipe) it is written in place.
class AtomicFile final : public RandomSink {
  public:
    explicit AtomicFile(std::string path);
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;
    ~AtomicFile() override;
    void write(std::span<const std::byte> bytes) override;
    std::optional<std::uint64_t> position() override;
    std::uint64_t reserve(std::uint64_t count) override;
    void write_at(std::uint64_t offset, std::span<const std::byte> bytes) override;
    bool seekable() const noexcept { return !temporary_.empty(); }
    enum class Sync { no, yes };  // yes: file and directory reach the disk before commit() returns
    void commit(Sync sync);

  private:
    std::string path_;
    std::string temporary_;  // empty: written in place
    Descriptor fd_;
    std::uint64_t position_ = 0;
    bool committed_ = false;
};

}  // namespace jl
