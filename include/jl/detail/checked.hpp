// Size arithmetic that refuses to wrap. `what` names the quantity in the message.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <jl/error.hpp>

namespace jl::detail {

[[noreturn]] inline void fail_size(std::string_view what) {
    throw Error(ErrorCode::range, std::string(what) + " does not fit in 64 bits");
}

inline std::uint64_t checked_mul(std::uint64_t a, std::uint64_t b, std::string_view what) {
    std::uint64_t product = 0;
    if (__builtin_mul_overflow(a, b, &product)) fail_size(what);
    return product;
}

inline std::uint64_t checked_add(std::uint64_t a, std::uint64_t b, std::string_view what) {
    std::uint64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) fail_size(what);
    return sum;
}

}  // namespace jl::detail
