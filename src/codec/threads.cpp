#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <sched.h>
#include <string>
#include <thread>

#include "codec/binding.hpp"

namespace jl {
namespace {

unsigned cores_by_affinity() {
    cpu_set_t set;
    CPU_ZERO(&set);
    // Fails on systems with more cores than the fixed set holds.
    if (sched_getaffinity(0, sizeof set, &set) != 0) return std::max(1U, std::thread::hardware_concurrency());
    return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
}

// Cores that a control group's quota is worth; "max 100000" and an unreadable file are no limit.
double quota(const std::string& file) {
    std::ifstream in(file);
    double granted = 0;
    double period = 0;
    if (!(in >> granted >> period) || granted <= 0 || period <= 0) return std::numeric_limits<double>::infinity();
    return granted / period;
}

// The smallest quota of the process's control group (version 2) and those above it.
double cores_by_quota() {
    std::ifstream groups("/proc/self/cgroup");
    std::string line;
    double least = quota("/sys/fs/cgroup/cpu.max");
    while (std::getline(groups, line)) {
        if (!line.starts_with("0::/")) continue;
        for (std::string group = line.substr(3); group.size() > 1; group.resize(group.rfind('/'))) {
            least = std::min(least, quota("/sys/fs/cgroup" + group + "/cpu.max"));
        }
    }
    return least;
}

unsigned available_cores() {
    const unsigned cores = cores_by_affinity();
    const double granted = std::ceil(cores_by_quota());
    return granted < cores ? std::max(1U, static_cast<unsigned>(granted)) : cores;
}

}  // namespace

unsigned effective_threads(unsigned n_threads) {
    constexpr unsigned most = 256;  // beyond, memory for units grows and nothing gets faster
    return std::min(n_threads != 0 ? n_threads : available_cores(), most);
}

}  // namespace jl
