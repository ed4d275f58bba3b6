// How much memory a piece of work takes at its peak: a process of its own does it and measures itself.
//
//     EXPECT_LE(growth_in_mib([&] { dump(value, path); }), 12U);      // unless `instrumented`
#pragma once

#include <cstdint>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace jl::test {

// Sanitizers keep memory of their own: figures mean nothing.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool instrumented = true;
#elif defined(__has_feature)
inline constexpr bool instrumented = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool instrumented = false;
#endif

inline std::uint64_t peak_memory() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

// By how much `work` lifts the peak of a process. An exception in it is a failure of the test.
template <class Work>
std::uint64_t growth_in_mib(Work work) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const std::uint64_t before = peak_memory();
        try {
            work();
        } catch (...) {
            ::_exit(2);
        }
        const std::uint64_t grown = peak_memory() - before;
        const bool told = ::write(ends[1], &grown, sizeof grown) == sizeof grown;
        ::_exit(told ? 0 : 1);
    }
    ::close(ends[1]);
    std::uint64_t grown = 0;
    EXPECT_EQ(::read(ends[0], &grown, sizeof grown), static_cast<ssize_t>(sizeof grown));
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    ::close(ends[0]);
    return grown >> 20;
}

}  // namespace jl::test
