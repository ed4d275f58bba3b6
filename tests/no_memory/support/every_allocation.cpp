#include "no_memory/support/every_allocation.hpp"

#include <cstddef>
#include <exception>
#include <gtest/gtest.h>
#include <new>
#include <string_view>

#include <jl/error.hpp>
#include <jl/outcome.hpp>

#include "no_memory/support/failing_allocations.hpp"

namespace jl::test {
namespace {

using How = FailingAllocations::How;

bool tells_of_memory(const std::exception& error) {
    if (dynamic_cast<const std::bad_alloc*>(&error)) return true;
    const std::string_view what = error.what();
    return what.find("bad_alloc") != what.npos || what.find("memory") != what.npos ||
           what.find("the stream does not take") != what.npos;  // who keeps the reason to itself
}

// Whether it returned.
bool run(const std::function<bool()>& work, FailingAllocations::Plan plan, const std::string& what) {
    std::exception_ptr thrown;
    bool is_right = true;
    {
        const FailingAllocations failing(plan);
        try {
            is_right = work();
        } catch (...) {
            thrown = std::current_exception();
        }
    }
    EXPECT_TRUE(is_right) << what;
    if (!thrown) return true;
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
        EXPECT_TRUE(tells_of_memory(error)) << what << ": " << error.what();
    }
    return false;
}

}  // namespace

void with_every_allocation_failing(const std::string& name, const std::function<bool()>& work,
                                   const std::function<void(bool returned)>& check) {
    EXPECT_TRUE(work()) << name;  // what is made once for the program is there
    check(true);
    EXPECT_TRUE(run(work, {}, name)) << name;
    const std::size_t count = FailingAllocations::made();
    EXPECT_GT(count, 0U) << name;
    check(true);
    const std::size_t step = 1 + count / 1000;
    for (const How how : {How::once, How::from_then_on}) {
        for (std::size_t n = 1; n <= count; n += n < 200 ? 1 : step) {
            const std::string what = name + ", request " + std::to_string(n) + " of " + std::to_string(count) +
                                     (how == How::once ? " fails" : " fails as all after it");
            SCOPED_TRACE(what);
            check(run(work, {n, how}, what));
            if (testing::Test::HasFailure()) return;
        }
    }
}

}  // namespace jl::test
