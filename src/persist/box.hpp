// A box of an array's items, one range an axis, as runs of payload bytes.
//
//     const BoxRuns box(entry, ranges);
//     for (BoxRuns::Cursor run(box); !run.done(); run.next()) take(run.offset(), box.run_bytes());
//
// Runs come in ascending order and are as long as the ranges let them be.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <jl/file.hpp>

namespace jl {

class BoxRuns {
  public:
    // Error{range} for more ranges than axes, and for one that does not lie in its axis; axes without one are whole.
    BoxRuns(const ArrayEntry& entry, std::span<const Range> ranges);

    const std::vector<std::uint64_t>& shape() const noexcept { return shape_; }
    std::uint64_t nbytes() const noexcept { return runs_ * run_bytes_; }
    std::uint64_t runs() const noexcept { return runs_; }
    std::uint64_t run_bytes() const noexcept { return run_bytes_; }
    std::uint64_t offset() const noexcept { return offset_; }  // of the first run

    class Cursor {
      public:
        explicit Cursor(const BoxRuns& box)
            : box_(&box), at_(box.loops_.size()), left_(box.runs_), offset_(box.offset_) {}
        bool done() const noexcept { return left_ == 0; }
        std::uint64_t offset() const noexcept { return offset_; }
        void next() noexcept;

      private:
        const BoxRuns* box_;
        std::vector<std::uint64_t> at_;
        std::uint64_t left_;
        std::uint64_t offset_;
    };

  private:
    struct Loop {
        std::uint64_t count;
        std::uint64_t stride;  // bytes
    };

    std::vector<std::uint64_t> shape_;
    std::vector<Loop> loops_;  // the innermost first
    std::uint64_t runs_ = 1;
    std::uint64_t run_bytes_ = 0;
    std::uint64_t offset_ = 0;
};

}  // namespace jl
