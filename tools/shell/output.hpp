// Bytes on their way to a descriptor: a buffered writer for texts, and the sink that a dump into a pipe needs.
//
//     Output out(STDOUT_FILENO, "standard output");   out.write("…");   out.flush();
//
// One thread. Failures are Error{io} with the name and the system's reason; what was not flushed is lost on
// destruction.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <jl/sink.hpp>

namespace jl::shell {

class DescriptorSink final : public Sink {
  public:
    DescriptorSink(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}
    void write(std::span<const std::byte> bytes) override;

  private:
    int descriptor_;
    std::string name_;
};

class Output {
  public:
    Output(int descriptor, std::string name) : sink_(descriptor, std::move(name)) {}
    void write(std::string_view text) {
        buffer_ += text;
        if (buffer_.size() >= buffered) flush();
    }
    void flush();

  private:
    static constexpr std::size_t buffered = std::size_t{1} << 16;
    DescriptorSink sink_;
    std::string buffer_;
};

// Error{usage} when standard output is a terminal: no place for a binary file.
void require_binary_output();
bool is_terminal(int descriptor) noexcept;

// "x.pkl: cannot write: No space left on device", from errno.
[[noreturn]] void throw_system(const std::string& name, std::string_view what);

}  // namespace jl::shell
