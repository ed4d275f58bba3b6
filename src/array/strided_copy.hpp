// Copies a box of items between two memories of any strides, in an order that suits both caches.
//
//     StridedCopy copy(8, to, from);  copy.add_axis(rows, 8, 8 * columns);  copy.add_axis(columns, 8 * rows, 8);
//     copy.run();
//
// Strides count bytes and may be negative or 0. The two memories do not overlap.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace jl::detail {

struct CopyAxis {
    std::uint64_t extent;
    std::ptrdiff_t to;  // bytes from one item to the next
    std::ptrdiff_t from;
};

class StridedCopy {
  public:
    StridedCopy(std::size_t itemsize, std::byte* to, const std::byte* from) noexcept
        : itemsize_(itemsize), to_(to), from_(from) {}

    // Precondition: at most 64 axes of extent above 1.
    void add_axis(std::uint64_t extent, std::ptrdiff_t to, std::ptrdiff_t from) noexcept {
        if (extent != 1) axes_[rank_++] = {extent, to, from};
    }
    void run() noexcept;

  private:
    void order_axes() noexcept;

    std::size_t itemsize_;
    std::byte* to_;
    const std::byte* from_;
    std::size_t rank_ = 0;
    std::array<CopyAxis, 64> axes_;  // in run() the last two are the plane that is copied at once
};

}  // namespace jl::detail
