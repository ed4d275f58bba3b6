#include "persist/box.hpp"

#include "array/layout.hpp"

namespace jl {

namespace {

std::uint64_t count_of(const ArrayEntry& entry, std::size_t axis, Range& range) {
    const std::uint64_t extent = entry.shape[axis];
    if (range.end == Range::to_end) range.end = extent;
    if (range.step == 0)
        throw Error(ErrorCode::range,
                    "array '" + entry.path + "': a range of axis " + std::to_string(axis) + " has step 0");
    if (range.begin > range.end || range.end > extent)
        throw Error(ErrorCode::range, "array '" + entry.path + "' of shape " + to_string(entry.shape) + ": " +
                                          std::to_string(range.begin) + " to " + std::to_string(range.end) +
                                          " of axis " + std::to_string(axis) + " are asked for, it has " +
                                          std::to_string(extent));
    const std::uint64_t length = range.end - range.begin;
    return length / range.step + (length % range.step != 0 ? 1 : 0);
}

}  // namespace

BoxRuns::BoxRuns(const ArrayEntry& entry, std::span<const Range> ranges)
    : shape_(entry.shape), run_bytes_(entry.dtype.itemsize()) {
    const std::size_t axes = entry.shape.size();
    if (ranges.size() > axes)
        throw Error(ErrorCode::range, "array '" + entry.path + "' of shape " + to_string(entry.shape) + " has " +
                                          std::to_string(axes) + " axes, " + std::to_string(ranges.size()) +
                                          " ranges are asked for");
    // From the axis whose items lie together outwards: while whole axes follow one another, runs grow.
    std::uint64_t stride = entry.dtype.itemsize();
    bool grows = true;
    for (std::size_t i = 0; i < axes; ++i) {
        const std::size_t axis = entry.order == 'F' ? i : axes - 1 - i;
        Range range = axis < ranges.size() ? ranges[axis] : Range{};
        const std::uint64_t count = count_of(entry, axis, range);
        shape_[axis] = count;
        offset_ += range.begin * stride;
        if (grows && (range.step == 1 || count <= 1)) {
            run_bytes_ *= count;
        } else if (count != 1) {
            loops_.push_back({count, range.step * stride});
            runs_ *= count;
        }
        grows = grows && range.step == 1 && count == entry.shape[axis];
        stride *= entry.shape[axis];
    }
    if (run_bytes_ == 0 || runs_ == 0) runs_ = 0, offset_ = 0;
}

void BoxRuns::Cursor::next() noexcept {
    --left_;
    for (std::size_t i = 0; i < at_.size(); ++i) {
        const Loop& loop = box_->loops_[i];
        offset_ += loop.stride;
        if (++at_[i] < loop.count) return;
        offset_ -= loop.stride * loop.count;
        at_[i] = 0;
    }
}

}  // namespace jl
