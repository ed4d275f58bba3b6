// The tasks of check_parallel_backend: functions with a name, so that they can run in other processes, too.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace jl::detail::contract {

std::int64_t twice(std::int64_t i);
std::int64_t odd_ones_fail(std::int64_t i);  // and say "odd"
std::vector<double> as_long_as(std::vector<double> values);
void nothing(std::int64_t i);
std::int64_t slowly(std::int64_t i);  // takes 0.3 s

// Call Parallel themselves. `backend`: for that call, where it is known in the process; empty: the default.
// n * (n - 1).
std::int64_t inner_sum(const std::string& backend, std::int64_t n);
std::int64_t inner_sum_in_time(const std::string& backend, std::int64_t n);
// n; from a call that ends early: nobody but the backend sees to its jobs then.
std::int64_t first_of_a_stream(const std::string& backend, std::int64_t n);

}  // namespace jl::detail::contract
