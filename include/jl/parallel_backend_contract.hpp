// What every backend of jl::Parallel keeps to, as checks that its author can run: with GoogleTest, or with nothing.
//
//     jl::register_parallel_backend("mine", …);
//     for (const jl::BrokenPromise& broken : jl::check_parallel_backend("mine"))
//         std::cerr << broken.promise << ": " << broken.what << '\n';
//
// The checks run real calls: order, errors, timeouts, stops, streams, calls inside of tasks by the same backend too,
// several calls at once, and the backend after each of these; jobs that note how often they end; calls without a job.
// A backend of jl passes all of them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace jl {

struct BrokenPromise {
    std::string promise;  // "results come in the order of the tasks"
    std::string what;     // "task 3: 6 instead of 8"
};

struct ContractOptions {
    int n_jobs = 2;
    // For each promise. One that does not end is told as broken and ends the checks; its threads are left behind.
    std::chrono::seconds time_limit{60};
};

// Empty when every promise is kept. Error{usage} for a name that is no backend.
std::vector<BrokenPromise> check_parallel_backend(std::string_view name, const ContractOptions& options = {});

}  // namespace jl
