// Memory that is not there: the n-th request of operator new fails, alone or with all after it, on whichever thread.
//
//     FailingAllocations failing({.first = 7});
//     EXPECT_THROW(work(), std::bad_alloc);
#pragma once

#include <cstddef>

namespace jl::test {

class FailingAllocations {
  public:
    enum class How { once, from_then_on };
    struct Plan {
        std::size_t first = 0;  // 0: none fails, they are counted
        How how = How::once;
    };

    explicit FailingAllocations(Plan plan) noexcept;  // one at a time
    FailingAllocations(const FailingAllocations&) = delete;
    FailingAllocations& operator=(const FailingAllocations&) = delete;
    ~FailingAllocations();

    static std::size_t made() noexcept;    // requests since the beginning
    static std::size_t failed() noexcept;  // of them
};

}  // namespace jl::test
