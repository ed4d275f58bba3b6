// A number of bytes, as joblib's limits are written: a number, or "10G", "1.4M", "53K" of 1024.
//
//     mem.reduce_size({.bytes_limit = "10G"});      jl::ByteSize(std::uint64_t{1} << 30)
//
// Error{usage} for texts that are no size, and for negative numbers. A plain value.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace jl {

class ByteSize {
  public:
    template <std::integral I>
    requires(!std::same_as<I, bool>) ByteSize(I bytes) : bytes_(static_cast<std::uint64_t>(bytes)) {
        if constexpr (std::is_signed_v<I>) require_positive(bytes);
    }
    ByteSize(const char* text) : ByteSize(std::string_view(text)) {}
    ByteSize(const std::string& text) : ByteSize(std::string_view(text)) {}
    ByteSize(std::string_view text);

    std::uint64_t bytes() const noexcept { return bytes_; }

  private:
    static void require_positive(std::int64_t bytes);

    std::uint64_t bytes_;
};

}  // namespace jl
