#include "memory/eviction.hpp"

#include <algorithm>
#include <vector>

#include <jl/error.hpp>

#include "memory/memory_state.hpp"

namespace jl {
namespace {

using Clock = std::chrono::system_clock;
constexpr std::chrono::hours count_again{24};
constexpr std::chrono::seconds shortest_pause{1};
constexpr std::size_t removed_at_once = 1'000;

// In the unit of limits, so that no limit is too long to be compared.
std::chrono::microseconds age(StoreTime now, StoreTime then) {
    return std::chrono::floor<std::chrono::microseconds>(now - then);
}

std::uint64_t beyond(std::uint64_t count, std::uint64_t limit) { return count > limit ? count - limit : 0; }

}  // namespace

Reduced reduce_store(StoreBackend& store, const ReduceOptions& limits, Leave leave, const OnRemoval& told) {
    if (limits.age_limit && *limits.age_limit < limits.age_limit->zero())
        throw Error(ErrorCode::usage, "age_limit has to be a positive timedelta");
    std::vector<EntryInfo> entries;
    Reduced result;
    store.list([&](const EntryInfo& entry) {
        result.left.bytes += entry.bytes;
        ++result.left.items;
        if (!entry.pinned) entries.push_back(entry);
    });
    const auto low = [&](std::uint64_t limit) { return leave == Leave::a_tenth_less ? limit - limit / 10 : limit; };
    std::uint64_t bytes = 0, items = 0;  // to be removed
    if (limits.bytes_limit && result.left.bytes > limits.bytes_limit->bytes())
        bytes = beyond(result.left.bytes, low(limits.bytes_limit->bytes()));
    if (limits.items_limit && result.left.items > *limits.items_limit)
        items = beyond(result.left.items, low(*limits.items_limit));
    const auto now = Clock::now();
    const auto too_old = [&](const EntryInfo& entry) {
        return limits.age_limit && age(now, entry.last_access) > *limits.age_limit;
    };

    std::ranges::sort(entries, {}, &EntryInfo::last_access);
    std::uint64_t bytes_gone = 0, items_gone = 0;
    std::vector<EntryId> going;
    std::vector<std::uint64_t> sizes;
    const auto remove_some = [&] {
        const std::uint64_t removed = store.remove_all(going);
        result.removed += removed;
        for (std::size_t i = 0; removed < going.size() && i < going.size(); ++i)
            if (store.contains(going[i])) bytes_gone -= sizes[i], --items_gone;  // it could not be removed
        going.clear(), sizes.clear();
    };
    for (EntryInfo& entry : entries) {
        if (bytes_gone >= bytes && items_gone >= items && !too_old(entry)) break;
        if (told) told(entry);
        bytes_gone += entry.bytes;
        ++items_gone;
        going.push_back(std::move(entry.id)), sizes.push_back(entry.bytes);
        if (going.size() == removed_at_once) remove_some();
    }
    remove_some();
    result.left.bytes -= bytes_gone;
    result.left.items -= items_gone;
    result.left.counted = now;
    return result;
}

namespace detail {
namespace {

// Of a store that counts, or what this process knows of it.
std::optional<StoreUsage> known_usage(MemoryState& memory, std::uint64_t bytes) {
    if (auto usage = memory.store->usage()) return usage;
    const std::lock_guard lock(memory.estimate_mutex);
    if (memory.estimate) memory.estimate->bytes += bytes, ++memory.estimate->items;
    return memory.estimate;
}

// Where pinned entries hold a store above its limit, another tenth has to come before it is worth to look again.
bool is_beyond(std::uint64_t count, std::uint64_t limit, std::uint64_t left) {
    return count > limit && (left <= limit || count - left > limit / 10);
}

bool is_due(const MemoryOptions& limits, const std::optional<StoreUsage>& usage, const StoreUsage& left) {
    if (!usage) return true;
    if (limits.bytes_limit && is_beyond(usage->bytes, limits.bytes_limit->bytes(), left.bytes)) return true;
    if (limits.items_limit && is_beyond(usage->items, *limits.items_limit, left.items)) return true;
    const auto since = age(Clock::now(), usage->counted);
    const bool old =
        limits.age_limit && since > std::max<std::chrono::microseconds>(*limits.age_limit / 10, shortest_pause);
    return old || since > count_again;
}

}  // namespace

void keep_limits(MemoryState& memory, std::uint64_t bytes) {
    const MemoryOptions& limits = memory.options;
    StoreBackend& store = *memory.store;
    if (!memory.swept.exchange(true)) store.sweep();
    if (!limits.bytes_limit && !limits.items_limit && !limits.age_limit) return;
    const auto usage = known_usage(memory, bytes);
    {
        const std::lock_guard estimate(memory.estimate_mutex);
        if (!is_due(limits, usage, memory.left)) return;
    }
    // One process at a time: another one that reduces now does it for us.
    const auto lock = store.lock({"jl.reduce", std::string(32, '0')}, std::chrono::milliseconds(0));
    if (!lock) return;
    const Reduced reduced =
        reduce_store(store, {limits.bytes_limit, limits.items_limit, limits.age_limit}, Leave::a_tenth_less);
    store.set_usage(reduced.left);
    memory.removed += reduced.removed;
    const std::lock_guard estimate(memory.estimate_mutex);
    memory.estimate = memory.left = reduced.left;
}

}  // namespace detail
}  // namespace jl
