// What all functions of one Memory share: the store, the options, the counts.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include <jl/detail/cached_call.hpp>

namespace jl::detail {

struct MemoryState {
    MemoryOptions options;
    std::string location;                 // as it was given; empty: none
    std::shared_ptr<StoreBackend> store;  // null: functions are called as they are
    std::chrono::steady_clock::time_point made = std::chrono::steady_clock::now();

    std::atomic<std::uint64_t> hits = 0, misses = 0, waits = 0, failures = 0, removed = 0, bytes_written = 0;
    std::atomic<std::uint64_t> computing_ns = 0, saved_ns = 0;
    std::atomic<bool> store_failed = false;   // and was warned of; until it works again
    std::atomic<bool> limits_failed = false;  // the same of limits
    std::atomic<bool> swept = false;

    std::mutex estimate_mutex;
    std::optional<StoreUsage> estimate;  // of a store that does not count
    StoreUsage left;                     // by the last reduction: pinned entries may hold it above the limits

    void output(const std::string& text) const;
    void warn(const std::string& text) const;
};

// As Memory's constructor.
std::shared_ptr<MemoryState> make_memory(const std::optional<std::filesystem::path>& location,
                                         const MemoryOptions& options);

}  // namespace jl::detail
