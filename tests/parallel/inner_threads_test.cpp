// Limits for OpenMP inside of tasks: its runtime library is loaded as a program is that uses it.
#include "parallel/inner_threads.hpp"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdexcept>
#include <vector>

#include <jl/parallel.hpp>

#include "parallel/support/needs_backend.hpp"
#include "support/error.hpp"

namespace jl::test {
namespace {

using testing::Each;

int threads_of_openmp(int = 0) {
    static void* const library = ::dlopen("libgomp.so.1", RTLD_NOW | RTLD_GLOBAL);
    if (!library) throw std::runtime_error(::dlerror());
    return reinterpret_cast<int (*)()>(::dlsym(library, "omp_get_max_threads"))();
}

TEST(InnerThreads, AreLimitedInTasksAndNowhereElse) {
    JL_NEEDS_BACKEND("threading");
    const int before = threads_of_openmp();
    const std::vector<int> numbers(50, 0);
    ParallelOptions options{.n_jobs = 3, .backend = "threading", .batch_size = 1, .inner_max_num_threads = before + 2};
    EXPECT_THAT(Parallel(options).map(numbers, threads_of_openmp), Each(before + 2));
    EXPECT_EQ(threads_of_openmp(), before);  // this thread ran some of the tasks
    options.inner_max_num_threads.reset();
    EXPECT_THAT(Parallel(options).map(numbers, threads_of_openmp), Each(before));
}

TEST(InnerThreads, AreLimitedWhereOneTaskRunsAtATime) {
    const int before = threads_of_openmp();
    for (const char* backend : {"sequential", "threading"})
        EXPECT_THAT(Parallel({.n_jobs = 1, .backend = backend, .inner_max_num_threads = before + 2})
                        .map(std::vector{1, 2}, threads_of_openmp),
                    Each(before + 2));
    EXPECT_EQ(threads_of_openmp(), before);
}

TEST(InnerThreads, ComeBackInTheOrderOfTheirLimits) {
    const int before = threads_of_openmp();
    {
        const InnerThreads outer(before + 3);
        const InnerThreads inner(1);
        EXPECT_EQ(threads_of_openmp(), 1);
    }
    EXPECT_EQ(threads_of_openmp(), before);
}

TEST(InnerThreads, AreAtLeastOne) {
    const auto call = [] {
        Parallel({.n_jobs = 2, .inner_max_num_threads = 0}).map(std::vector{1}, threads_of_openmp);
    };
    EXPECT_STREQ(error_of(call).what(), "inner_max_num_threads is 0: a library has at least 1 thread");
}

}  // namespace
}  // namespace jl::test
