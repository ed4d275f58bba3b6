#include "array/strided_copy.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace jl::detail {
namespace {

// A plane: `rows` runs of items, the run's axis the one in which `to` is densest.
struct Plane {
    CopyAxis row;
    CopyAxis run;
};

template <std::size_t size>
void copy_item(std::byte* to, const std::byte* from) noexcept {
    std::memcpy(to, from, size);
}

template <std::size_t size>
void copy_runs(const Plane& plane, std::byte* to, const std::byte* from) noexcept {
    const auto [_, to_step, from_step] = plane.run;
    for (std::uint64_t row = 0; row < plane.row.extent; ++row, to += plane.row.to, from += plane.row.from) {
        std::byte* put = to;
        const std::byte* get = from;
        for (std::uint64_t i = 0; i < plane.run.extent; ++i, put += to_step, get += from_step)
            copy_item<size>(put, get);
    }
}

void copy_dense_runs(const Plane& plane, std::size_t bytes, std::byte* to, const std::byte* from) noexcept {
    for (std::uint64_t row = 0; row < plane.row.extent; ++row, to += plane.row.to, from += plane.row.from) {
        std::memcpy(to, from, bytes);
    }
}

// Measured: bytes gain nothing from the longer side.
template <std::size_t size>
inline constexpr std::size_t tile_side = size == 1 ? 8 : 16;

// One tile of a transposition whose two dense axes are really dense: the compiler knows all sizes.
template <std::size_t size>
void transpose_tile(std::ptrdiff_t to_row, std::ptrdiff_t from_run, std::byte* to, const std::byte* from) noexcept {
    constexpr std::size_t side = tile_side<size>;
    for (std::size_t row = 0; row < side; ++row, to += to_row, from += size) {
        const std::byte* get = from;
        for (std::size_t i = 0; i < side; ++i, get += from_run) copy_item<size>(to + i * size, get);
    }
}

// `to` is dense along the run, `from` along the rows: tiles keep the lines of both in the cache.
template <std::size_t size>
void copy_crossing(const Plane& plane, std::byte* to, const std::byte* from) noexcept {
    constexpr std::ptrdiff_t side = tile_side<size>;
    const auto& [row, run] = plane;
    const bool dense = run.to == std::ptrdiff_t{size} && row.from == std::ptrdiff_t{size};
    for (std::uint64_t j = 0; j < row.extent; j += side) {
        const std::uint64_t rows = std::min<std::uint64_t>(side, row.extent - j);
        std::byte* put = to;
        const std::byte* get = from;
        for (std::uint64_t i = 0; i < run.extent; i += side) {
            const std::uint64_t items = std::min<std::uint64_t>(side, run.extent - i);
            if (dense && rows == side && items == side)
                transpose_tile<size>(row.to, run.from, put, get);
            else
                copy_runs<size>({{rows, row.to, row.from}, {items, run.to, run.from}}, put, get);
            put += run.to * side;
            get += run.from * side;
        }
        to += row.to * side;
        from += row.from * side;
    }
}

// Items of an odd size: the copy of one is what costs, not its way through the cache.
void copy_odd(const Plane& plane, std::size_t itemsize, std::byte* to, const std::byte* from) noexcept {
    for (std::uint64_t row = 0; row < plane.row.extent; ++row, to += plane.row.to, from += plane.row.from) {
        copy_dense_runs({{plane.run.extent, plane.run.to, plane.run.from}, {}}, itemsize, to, from);
    }
}

template <std::size_t size>
void copy_plane(const Plane& plane, std::byte* to, const std::byte* from) noexcept {
    const bool crossing = plane.row.extent > 1 && std::abs(plane.row.from) < std::abs(plane.run.from);
    if (crossing)
        copy_crossing<size>(plane, to, from);
    else
        copy_runs<size>(plane, to, from);
}

void copy_plane(const Plane& plane, std::size_t itemsize, std::byte* to, const std::byte* from) noexcept {
    const auto dense = static_cast<std::ptrdiff_t>(itemsize);
    if (plane.run.to == dense && plane.run.from == dense) {
        return copy_dense_runs(plane, static_cast<std::size_t>(plane.run.extent) * itemsize, to, from);
    }
    switch (itemsize) {
        case 1:
            return copy_plane<1>(plane, to, from);
        case 2:
            return copy_plane<2>(plane, to, from);
        case 4:
            return copy_plane<4>(plane, to, from);
        case 8:
            return copy_plane<8>(plane, to, from);
        case 16:
            return copy_plane<16>(plane, to, from);
        default:
            return copy_odd(plane, itemsize, to, from);
    }
}

}  // namespace

// Moves the axis that is densest in `to` to the end, and in front of it the one densest in `from`.
void StridedCopy::order_axes() noexcept {
    const auto begin = axes_.begin();
    const auto end = begin + static_cast<std::ptrdiff_t>(rank_);
    const auto run = std::min_element(
        begin, end, [](const CopyAxis& a, const CopyAxis& b) { return std::abs(a.to) < std::abs(b.to); });
    std::rotate(run, run + 1, end);
    const auto row = std::min_element(
        begin, end - 1, [](const CopyAxis& a, const CopyAxis& b) { return std::abs(a.from) < std::abs(b.from); });
    std::rotate(row, row + 1, end - 1);
}

void StridedCopy::run() noexcept {
    constexpr CopyAxis one_item{1, 0, 0};
    if (rank_ >= 2) order_axes();
    const Plane plane{rank_ >= 2 ? axes_[rank_ - 2] : one_item, rank_ >= 1 ? axes_[rank_ - 1] : one_item};
    const std::size_t outer = rank_ >= 2 ? rank_ - 2 : 0;
    std::array<std::uint64_t, 64> index;
    std::fill_n(index.begin(), outer, 0);
    for (;;) {
        copy_plane(plane, itemsize_, to_, from_);
        std::size_t axis = outer;
        for (;; --axis) {  // the odometer over the other axes
            if (axis == 0) return;
            const CopyAxis& turned = axes_[axis - 1];
            to_ += turned.to;
            from_ += turned.from;
            if (++index[axis - 1] < turned.extent) break;
            index[axis - 1] = 0;
            to_ -= turned.to * static_cast<std::ptrdiff_t>(turned.extent);
            from_ -= turned.from * static_cast<std::ptrdiff_t>(turned.extent);
        }
    }
}

}  // namespace jl::detail
