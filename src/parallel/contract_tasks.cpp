#include "parallel/contract_tasks.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

#include <jl/parallel.hpp>
#include <jl/parallel_backend.hpp>

#include "parallel/backends.hpp"

namespace jl::detail::contract {
namespace {

// Calls without a backend's name need threads, unless they run one task at a time.
#ifdef JL_HAS_TBB
constexpr int inner_jobs = 2;
#else
constexpr int inner_jobs = 1;
#endif

ParallelOptions inner_options(const std::string& backend) {
    ParallelOptions options{.n_jobs = inner_jobs};
    const std::vector<std::string> known = parallel_backends();
    if (backend.empty() || std::find(known.begin(), known.end(), BackendPlace(backend).name) == known.end())
        return options;
    options.n_jobs = 2, options.backend = backend;
    return options;
}

auto tasks_of_twice(std::int64_t n) {
    std::vector<decltype(delayed<&twice>(std::int64_t{0}))> tasks;
    for (std::int64_t i = 0; i < n; ++i) tasks.push_back(delayed<&twice>(i));
    return tasks;
}

std::int64_t sum_of_twice(const ParallelOptions& options, std::int64_t n) {
    std::int64_t sum = 0;
    for (const std::int64_t x : Parallel(options)(tasks_of_twice(n))) sum += x;
    return sum;
}

}  // namespace

std::int64_t twice(std::int64_t i) { return 2 * i; }

std::int64_t odd_ones_fail(std::int64_t i) {
    if (i % 2 == 1) throw std::runtime_error("odd");
    return i;
}

std::vector<double> as_long_as(std::vector<double> values) {
    values.push_back(0.5);
    return values;
}

void nothing(std::int64_t) {}

std::int64_t slowly(std::int64_t i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return i;
}

std::int64_t inner_sum(const std::string& backend, std::int64_t n) { return sum_of_twice(inner_options(backend), n); }

std::int64_t inner_sum_in_time(const std::string& backend, std::int64_t n) {
    ParallelOptions options = inner_options(backend);
    options.timeout = std::chrono::minutes(10);
    return sum_of_twice(options, n);
}

std::int64_t first_of_a_stream(const std::string& backend, std::int64_t n) {
    ParallelOptions options = inner_options(backend);
    options.timeout = std::chrono::minutes(10);
    const auto tasks = tasks_of_twice(n + 1);
    for (const std::int64_t x : Parallel(options).stream(tasks)) return x + n;
    return -1;
}

}  // namespace jl::detail::contract
