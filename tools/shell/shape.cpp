#include "shell/shape.hpp"

#include <algorithm>

#include <jl/error.hpp>

namespace jl::shell {

std::uint64_t payload_size(std::span<const std::uint64_t> shape, std::uint64_t itemsize) {
    std::uint64_t size = itemsize;
    bool too_big = false;
    for (const std::uint64_t extent : shape) too_big = __builtin_mul_overflow(size, extent, &size) || too_big;
    // A product that went through 0 is 0 whatever came before.
    if (too_big && std::ranges::find(shape, 0U) == shape.end())
        throw Error(ErrorCode::range, "shape " + shape_text(shape) + " of items of " + std::to_string(itemsize) +
                                          " bytes does not fit in 64 bits");
    return too_big ? 0 : size;
}

std::string shape_text(std::span<const std::uint64_t> shape) {
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
    return text + (shape.size() == 1 ? ",)" : ")");
}

}  // namespace jl::shell
