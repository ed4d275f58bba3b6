// File descriptors: files, pipes and sockets of the operating system, read and written where they stand.
//
//     jl::dump(value, jl::FileDescriptor{fd});          auto back = jl::load<T>(jl::FileDescriptor{socket});
//
// The descriptor stays its owner's: nothing here closes it. Interrupted and partial transfers go on, a non-blocking
// descriptor is waited for. A closed reader is Error{io}, "Broken pipe", and no SIGPIPE. Failures are Error{io} with
// the name and the system's reason. One thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <jl/sink.hpp>
#include <jl/source.hpp>

namespace jl {

struct FileDescriptor {
    int fd = -1;
    std::string name = {};  // for messages; "descriptor 3" by default
};

class DescriptorSink final : public Sink {
  public:
    explicit DescriptorSink(const FileDescriptor& target);
    void write(std::span<const std::byte> bytes) override;
    std::optional<std::uint64_t> position() override;

  private:
    int fd_;
    std::string name_;
    bool is_socket_;
};

// Reads no byte behind an object: what stands there is peeked at (sockets, pipes) or sought back to (files).
class DescriptorSource final : public Source {
  public:
    explicit DescriptorSource(const FileDescriptor& origin);
    DescriptorSource(const DescriptorSource&) = delete;
    DescriptorSource& operator=(const DescriptorSource&) = delete;
    ~DescriptorSource() override;
    std::size_t read(std::span<std::byte> into) override;
    bool seekable() const noexcept { return kind_ == Kind::file; }
    // False for what can neither seek nor be peeked at: terminals.
    bool prepare_unread() override;
    void unread(std::uint64_t count) override;

  private:
    enum class Kind : std::uint8_t { file, socket, pipe, other };
    std::size_t peek(std::span<std::byte> into);
    void consume_peeked();

    int fd_;
    std::string name_;
    Kind kind_;
    bool peeks_ = false;
    std::uint64_t peeked_ = 0;  // bytes handed out that the descriptor still has
    int copies_[2] = {-1, -1};  // kind pipe: a pipe for copies of what stands in it
};

}  // namespace jl
