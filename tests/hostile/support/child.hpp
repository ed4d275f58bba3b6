// Work in a process of its own, to see how much memory it takes and whether it survives.
//
//     const ChildRun run = in_child([&] { load(bytes); });     EXPECT_LT(run.grown_bytes, 64 << 20);
#pragma once

#include <cstdint>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jl/error.hpp>

namespace jl::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool instrumented = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool instrumented = true;
#else
inline constexpr bool instrumented = false;
#endif
#else
inline constexpr bool instrumented = false;
#endif

struct ChildRun {
    bool survived = false;          // ended by itself, with a value or a jl::Error
    bool refused = false;           // with a jl::Error
    std::uint64_t grown_bytes = 0;  // peak memory above what the process had before
};

inline std::uint64_t peak_bytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

template <class Work>
ChildRun in_child(Work work, unsigned seconds = 60) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    const pid_t child = ::fork();
    if (child == 0) {
        ::alarm(seconds);
        ChildRun run;
        const std::uint64_t before = peak_bytes();
        try {
            work();
        } catch (const Error&) {
            run.refused = true;
        }
        run.survived = true;
        run.grown_bytes = peak_bytes() - before;
        const bool told = ::write(ends[1], &run, sizeof run) == static_cast<ssize_t>(sizeof run);
        ::_exit(told ? 0 : 1);
    }
    ::close(ends[1]);
    ChildRun run;
    if (::read(ends[0], &run, sizeof run) != static_cast<ssize_t>(sizeof run)) run = {};
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return run;
}

}  // namespace jl::test
