// System calls of this thread that fail when they are told to: this program's open, write, rename, … stand before those
// of the C library.
//
//     FailingCalls failing({.first = 7, .errno_value = ENOSPC});   work();   failing.made();    // calls so far
#pragma once

#include <cstddef>

namespace jl::test {

class FailingCalls {
  public:
    enum class How { once, from_then_on, kills };  // kills: the process dies there
    struct Plan {
        std::size_t first = 0;  // the how manyth call fails, from 1 on; 0: none
        int error = 0;          // its errno
        How how = How::once;
    };
    explicit FailingCalls(Plan plan);
    FailingCalls(const FailingCalls&) = delete;
    FailingCalls& operator=(const FailingCalls&) = delete;
    ~FailingCalls();  // all is as before
    std::size_t made() const;
};

}  // namespace jl::test
