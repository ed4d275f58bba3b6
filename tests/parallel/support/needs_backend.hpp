// Skips a test of threads where oneTBB is not built in; a skipped test fails where everything is required.
#pragma once

#include <gtest/gtest.h>
#include <string_view>

namespace jl::test {

inline bool has_backend(std::string_view name) {
#ifdef JL_HAS_TBB
    return !name.empty();
#else
    return name != "threading";
#endif
}

}  // namespace jl::test

#define JL_NEEDS_BACKEND(name) \
    if (!jl::test::has_backend(name)) GTEST_SKIP() << (name) << " is not built in"
