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

// The same of version 1, whose two numbers have a file each; -1 is no limit.
double quota_v1(const std::string& folder) {
    std::ifstream quota_file(folder + "/cpu.cfs_quota_us"), period_file(folder + "/cpu.cfs_period_us");
    double granted = 0;
    double period = 0;
    if (!(quota_file >> granted) || !(period_file >> period) || granted <= 0 || period <= 0)
        return std::numeric_limits<double>::infinity();
    return granted / period;
}

// The smallest of `group` and those above it; "/" is the root, which is looked at by the caller.
template <class Quota>
double least_upwards(std::string group, Quota quota_of) {
    double least = std::numeric_limits<double>::infinity();
    for (; group.size() > 1; group.resize(group.rfind('/'))) least = std::min(least, quota_of(group));
    return least;
}

// The smallest quota of the process's control groups (versions 2 and 1) and those above them. A container sees its own
// group as the root.
double cores_by_quota() {
    double least = std::min(quota("/sys/fs/cgroup/cpu.max"), quota_v1("/sys/fs/cgroup/cpu"));
    std::ifstream groups("/proc/self/cgroup");
    for (std::string line; std::getline(groups, line);) {  // "4:cpu,cpuacct:/some/group", version 2: "0::/some/group"
        const std::size_t names = line.find(':') + 1;
        const std::size_t path = line.find(':', names) + 1;
        if (names == 0 || path == 0) continue;
        const std::string controllers = "," + line.substr(names, path - names - 1) + ",";
        if (line.starts_with("0::"))
            least = std::min(least, least_upwards(line.substr(path), [](const std::string& group) {
                                 return quota("/sys/fs/cgroup" + group + "/cpu.max");
                             }));
        else if (controllers.find(",cpu,") != std::string::npos)
            least = std::min(least, least_upwards(line.substr(path), [](const std::string& group) {
                                 return quota_v1("/sys/fs/cgroup/cpu" + group);
                             }));
    }
    return least;
}

}  // namespace

unsigned available_cores() {
    const unsigned cores = cores_by_affinity();
    const double granted = std::ceil(cores_by_quota());
    return granted < cores ? std::max(1U, static_cast<unsigned>(granted)) : cores;
}

unsigned effective_threads(unsigned n_threads) {
    constexpr unsigned most = 256;  // beyond, memory for units grows and nothing gets faster
    return std::min(n_threads != 0 ? n_threads : available_cores(), most);
}

}  // namespace jl
