// How many tasks make a batch: as many as take about as long as the backend wants, at most twice as many as before. The
// first batches, two for each worker, go out before anything is known of their duration.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace jl {

class BatchSizing {
  public:
    // `fixed`: no other. `best`: seconds that a batch should take; 0: one task a batch.
    BatchSizing(std::optional<std::size_t> fixed, double best) noexcept
        : size_(fixed.value_or(1)), best_(fixed ? 0 : best) {}

    // Of the next batch. `left`: tasks still to be taken, when that is known; every worker gets some of the last ones.
    std::size_t next(std::optional<std::uint64_t> left, int n_jobs) noexcept {
        if (best_ == 0) return size_;
        const auto twice = 2 * static_cast<std::uint64_t>(n_jobs);
        if (begun_ < twice && ++begun_ > 0) return 1;
        if (!left) return size_;
        const std::uint64_t share = *left / twice;
        return static_cast<std::size_t>(std::clamp<std::uint64_t>(share, 1, size_));
    }
    // That a batch should take; 0: whatever it takes.
    double seconds() const noexcept { return best_; }
    // Whether batches have another size from now on.
    bool ended(std::size_t tasks, double seconds) noexcept {
        if (best_ == 0 || tasks < size_) return false;
        const std::size_t before = size_;
        if (seconds < best_ / 2)
            size_ = std::min(2 * size_, most);
        else if (seconds > 2 * best_)
            size_ = std::max<std::size_t>(size_ / 2, 1);
        return size_ != before;
    }
    std::size_t size() const noexcept { return size_; }

  private:
    // Where tasks of another kind follow, one thread has so many of them.
    static constexpr std::size_t most = std::size_t{1} << 12;
    std::size_t size_;
    double best_;
    std::uint64_t begun_ = 0;  // of the first batches
};

}  // namespace jl
