#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>

#include <jl/cpu_count.hpp>
#include <jl/error.hpp>

#include "codec/binding.hpp"

namespace jl {

int cpu_count() {
    const int cores = static_cast<int>(available_cores());
    const char* const limit = std::getenv("JL_MAX_CPU_COUNT");
    if (!limit) return cores;
    int most = 0;
    const std::string_view text(limit);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), most);
    if (error != std::errc() || end != text.data() + text.size() || most < 1)
        throw Error(ErrorCode::usage, "JL_MAX_CPU_COUNT is '" + std::string(text) + "', not a number of cores");
    return std::min(cores, most);
}

int effective_n_jobs(int n_jobs) {
    if (n_jobs == 0) throw Error(ErrorCode::usage, "n_jobs == 0 in Parallel has no meaning");
    return n_jobs > 0 ? n_jobs : std::max(cpu_count() + 1 + n_jobs, 1);
}

}  // namespace jl
