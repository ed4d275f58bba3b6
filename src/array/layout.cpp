#include "array/layout.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <jl/detail/checked.hpp>

#include "array/strided_copy.hpp"

namespace jl {
namespace {

// Axes of an array with the items' order made "C": extents above 1 only, neighbours merged where memory allows.
// Their extents multiply to less than 2^64, so there are at most 63.
struct Axes {
    std::size_t rank = 0;
    std::array<std::uint64_t, 64> extent;   // set below rank only: most arrays have few axes, and there are many arrays
    std::array<std::ptrdiff_t, 64> stride;  // bytes
};

void add_axis(Axes& axes, std::uint64_t extent, std::ptrdiff_t stride) {
    if (extent == 1) return;
    if (axes.rank != 0) {
        const std::size_t outer = axes.rank - 1;
        const std::ptrdiff_t span = stride * static_cast<std::ptrdiff_t>(extent);
        if (axes.stride[outer] == span) {
            axes.extent[outer] *= extent;
            axes.stride[outer] = stride;
            return;
        }
    }
    axes.extent[axes.rank] = extent;
    axes.stride[axes.rank++] = stride;
}

Axes make_axes(char order, std::span<const std::uint64_t> shape, std::span<const std::ptrdiff_t> strides,
               std::size_t itemsize) {
    Axes axes;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const std::size_t axis = order == 'F' ? shape.size() - 1 - i : i;
        add_axis(axes, shape[axis], strides[axis] * static_cast<std::ptrdiff_t>(itemsize));
    }
    if (axes.rank == 0) {
        axes.extent[0] = 1;
        axes.stride[0] = static_cast<std::ptrdiff_t>(itemsize);
        axes.rank = 1;
    }
    return axes;
}

// Where a box of whole rows begins among the items, and how far it goes.
struct Box {
    std::size_t axis = 0;  // the outermost that it steps along
    std::uint64_t rows = 0;
    std::ptrdiff_t memory = 0;  // bytes from element (0, ..., 0)
};

// The positions in one step of each axis.
std::array<std::uint64_t, 64> steps_of(const Axes& axes) {
    std::array<std::uint64_t, 64> steps;
    std::uint64_t below = 1;
    for (std::size_t axis = axes.rank; axis-- > 0; below *= axes.extent[axis]) steps[axis] = below;
    return steps;
}

// The biggest box that begins at `position` and is over after at most `count` items.
Box box_at(const Axes& axes, std::span<const std::uint64_t> steps, std::uint64_t position, std::uint64_t count) {
    Box box;
    bool found = false;
    for (std::size_t axis = 0; axis < axes.rank; ++axis) {
        const std::uint64_t index = position / steps[axis];
        position %= steps[axis];
        box.memory += static_cast<std::ptrdiff_t>(index) * axes.stride[axis];
        if (found || position != 0 || count < steps[axis]) continue;
        found = true;
        box.axis = axis;
        box.rows = std::min(count / steps[axis], axes.extent[axis] - index);
    }
    return box;
}

// Calls copy_box(position among the items, box) until [first, first + count) is done: at most two boxes an axis.
template <class CopyBox>
void for_each_box(const Axes& axes, std::uint64_t first, std::uint64_t count, CopyBox copy_box) {
    const auto steps = steps_of(axes);
    for (std::uint64_t done = 0; done < count;) {
        const Box box = box_at(axes, steps, first + done, count - done);
        copy_box(done, box);
        done += box.rows * steps[box.axis];
    }
}

enum class Direction { scatter, gather };

// The one copy behind both; the bytes it only reads come without their const.
void transfer(Direction direction, std::span<std::byte> items, std::uint64_t first, const Axes& axes, std::byte* memory,
              std::size_t itemsize) {
    if (axes.rank == 1 && axes.stride[0] == static_cast<std::ptrdiff_t>(itemsize)) {
        std::byte* const there = memory + first * itemsize;
        const bool scatters = direction == Direction::scatter;
        std::memcpy(scatters ? there : items.data(), scatters ? items.data() : there, items.size());
        return;
    }
    for_each_box(axes, first, items.size() / itemsize, [&](std::uint64_t done, const Box& box) {
        const bool scatters = direction == Direction::scatter;
        std::byte* const flat = items.data() + done * itemsize;
        std::byte* const there = memory + box.memory;
        detail::StridedCopy copy(itemsize, scatters ? there : flat, scatters ? flat : there);
        auto dense = static_cast<std::ptrdiff_t>(itemsize);
        for (std::size_t axis = axes.rank; axis-- > box.axis;) {
            const std::uint64_t extent = axis == box.axis ? box.rows : axes.extent[axis];
            const std::ptrdiff_t stride = axes.stride[axis];
            copy.add_axis(extent, scatters ? stride : dense, scatters ? dense : stride);
            dense *= static_cast<std::ptrdiff_t>(extent);
        }
        copy.run();
    });
}

}  // namespace

std::uint64_t checked_nbytes(std::span<const std::uint64_t> shape, std::uint64_t itemsize) {
    std::uint64_t count = 1;
    std::uint64_t nbytes = 0;
    bool fits = true;
    bool empty = false;
    for (const std::uint64_t extent : shape) {
        empty = empty || extent == 0;
        fits = fits && !__builtin_mul_overflow(count, extent == 0 ? 1 : extent, &count);
    }
    fits = fits && !__builtin_mul_overflow(count, itemsize, &nbytes);
    if (!fits) {
        detail::fail_size("the size of an array of shape " + to_string(shape) + " with items of " +
                          std::to_string(itemsize) + " bytes");
    }
    return empty ? 0 : nbytes;
}

std::string to_string(std::span<const std::uint64_t> shape) {
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return text + (shape.size() == 1 ? ",)" : ")");
}

void scatter(std::span<const std::byte> items, std::uint64_t first, char order, std::span<const std::uint64_t> shape,
             std::byte* to, std::span<const std::ptrdiff_t> strides, std::size_t itemsize) {
    if (items.empty()) return;
    const std::span<std::byte> read_only{const_cast<std::byte*>(items.data()), items.size()};
    transfer(Direction::scatter, read_only, first, make_axes(order, shape, strides, itemsize), to, itemsize);
}

void gather(std::span<std::byte> items, std::uint64_t first, char order, std::span<const std::uint64_t> shape,
            const std::byte* from, std::span<const std::ptrdiff_t> strides, std::size_t itemsize) {
    if (items.empty()) return;
    const Axes axes = make_axes(order, shape, strides, itemsize);
    transfer(Direction::gather, items, first, axes, const_cast<std::byte*>(from), itemsize);
}

}  // namespace jl
