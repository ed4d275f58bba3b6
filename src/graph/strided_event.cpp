#include <cstdlib>

#include <jl/detail/strided_event.hpp>

#include "array/layout.hpp"

namespace jl::detail {

namespace {

using Strides = std::span<const std::ptrdiff_t>;

// Whether the items lie one after the other in `order`.
bool is_dense(std::span<const std::uint64_t> shape, Strides strides, char order) {
    std::ptrdiff_t step = 1;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const std::size_t axis = order == 'C' ? shape.size() - 1 - i : i;
        if (shape[axis] == 1) continue;
        if (strides[axis] != step) return false;
        step *= static_cast<std::ptrdiff_t>(shape[axis]);
    }
    return true;
}

// The order that walks through the memory in the smaller steps.
char order_of(Strides strides) {
    const bool first_is_denser = !strides.empty() && std::abs(strides.front()) < std::abs(strides.back());
    return first_is_denser ? 'F' : 'C';
}

}  // namespace

void emit_strided(Emitter& out, const DType& dtype, std::span<const std::uint64_t> shape, Strides strides,
                  const std::byte* origin) {
    const auto nbytes = static_cast<std::size_t>(checked_nbytes(shape, dtype.itemsize()));
    for (const char order : {'C', 'F'}) {
        if (nbytes == 0 || is_dense(shape, strides, order)) {
            return out.array({dtype, shape, order, {origin, nbytes}});
        }
    }
    const char order = order_of(strides);
    const auto itemsize = static_cast<std::size_t>(dtype.itemsize());
    const auto fill = [&](std::uint64_t first, std::span<std::byte> items) {
        gather(items, first, order, shape, origin, strides, itemsize);
    };
    out.array({dtype, shape, order, {}, fill, origin, strides});
}

}  // namespace jl::detail
