// An output that was read whole, as a source.
#pragma once

#include <utility>
#include <vector>

#include <jl/source.hpp>

namespace jl {

class OwnedBytes final : public RandomSource {
  public:
    explicit OwnedBytes(std::vector<std::byte> bytes) : bytes_(std::move(bytes)), source_(bytes_) {}
    std::uint64_t size() const override { return bytes_.size(); }
    void read_at(std::uint64_t offset, std::span<std::byte> into) const override { source_.read_at(offset, into); }
    std::span<const std::byte> view() const override { return bytes_; }

  private:
    std::vector<std::byte> bytes_;
    MemorySource source_;
};

}  // namespace jl
