// How many cores this process may use.
#pragma once

namespace jl {

// The least of: the cores of the machine, those that the process is bound to, what its control group is granted
// (rounded up), and $JL_MAX_CPU_COUNT. At least 1. Thread-safe. Error{usage} where that variable is no number above 0.
int cpu_count();

// What n_jobs means: itself when it is positive, cpu_count() + 1 + n_jobs, at least 1, when it is negative.
// Scopes and calls around make no difference. Error{usage} for 0.
int effective_n_jobs(int n_jobs = -1);

}  // namespace jl
