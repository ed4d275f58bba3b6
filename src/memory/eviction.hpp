// Which entries go when a store holds too much: those that were not used for the longest time, never pinned ones.
//
//     reduce_store(store, {.bytes_limit = "10G"}, Leave::all_that_fits);
//
// The order and the end are joblib's. Errors are the store's; entries that others remove meanwhile are no error.
#pragma once

#include <cstdint>
#include <functional>

#include <jl/memory_options.hpp>
#include <jl/store_backend.hpp>

namespace jl {

// a_tenth_less: below bytes and items, so that the next additions need not look again.
enum class Leave : std::uint8_t { all_that_fits, a_tenth_less };

struct Reduced {
    std::uint64_t removed = 0;
    StoreUsage left = {};
};

using OnRemoval = std::function<void(const EntryInfo&)>;
Reduced reduce_store(StoreBackend& store, const ReduceOptions& limits, Leave leave, const OnRemoval& told = {});

namespace detail {
struct MemoryState;
// After an entry of `bytes` was added: reduces where the limits of the Memory ask for it, and sweeps now and then.
void keep_limits(MemoryState& memory, std::uint64_t bytes);
}  // namespace detail

}  // namespace jl
