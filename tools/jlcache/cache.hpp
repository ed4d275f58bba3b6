// The cache that is asked for, and what all verbs do with it.
//
//     const std::shared_ptr<StoreBackend> store = open_cache(request);   for (auto& e : entries_of(*store, "f")) …
//
// Error{missing} for a folder without a cache: nothing is made by looking.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "jlcache/verbs.hpp"

namespace jl::cache {

std::shared_ptr<StoreBackend> open_cache(const Request& request);
// The location as a Memory wants it: of a folder "x/joblib", "x".
std::string location_of(const Request& request);

// Sorted by function and hash; of all functions where `function` is empty.
std::vector<EntryInfo> entries_of(StoreBackend& store, std::string_view function);
// What the store knows of the call; nothing where that is lost.
CallMetadata call_of(StoreBackend& store, const EntryId& id);

// "FUNCTION/HASH": both; anything else is a function's name, and the hash stays empty.
EntryId parse_entry(const std::string& text);

std::string time_text(std::chrono::system_clock::time_point time);  // "2026-01-31 12:00:00", local
std::string duration_text(double seconds);                          // "0.5 ms", "12.3 s", "4.2 h"
// "30d", "12h", "45m", "90s", "1.5": of a number alone, seconds. Error{usage} otherwise.
std::chrono::microseconds parse_age(const std::string& text);

}  // namespace jl::cache
