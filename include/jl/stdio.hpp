// C's streams: std::FILE*, read and written where they stand.
//
//     std::FILE* file = std::fopen("two.pkl", "wb");   jl::dump(a, file);   jl::dump(b, file);   std::fclose(file);
//
// What was dumped may still wait in the stream's buffer: fflush and fclose tell whether it got through. Failures are
// Error{io} with the system's reason. One thread at a time.
#pragma once

#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <vector>

#include <jl/sink.hpp>
#include <jl/source.hpp>

namespace jl {

class StdioSink final : public Sink {
  public:
    explicit StdioSink(std::FILE* file) noexcept : file_(file) {}
    void write(std::span<const std::byte> bytes) override;
    std::optional<std::uint64_t> position() override;

  private:
    std::FILE* file_;
};

class StdioSource final : public Source {
  public:
    explicit StdioSource(std::FILE* file) noexcept : file_(file) {}
    std::size_t read(std::span<std::byte> into) override;
    bool prepare_unread() override;
    void unread(std::uint64_t count) override;

  private:
    std::size_t read_at_hand(std::span<std::byte> into);

    std::FILE* file_;
    bool keeps_ = false;  // what the last read filled, to be given back to a stream that cannot seek
    std::vector<std::byte> last_ = {};
};

}  // namespace jl
