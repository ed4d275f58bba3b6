// What a cached function is in files and on its way to another process.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <jl/detail/cached_call.hpp>
#include <jl/detail/referred_store.hpp>

namespace jl::detail {

struct CachedForm {
    StoreReference store;  // without a location: results are not kept
    int verbose = 0;
    std::string compress_method;
    std::optional<int> compress_level;
    std::optional<std::string> mmap_mode;
    std::optional<std::uint64_t> bytes_limit, items_limit;
    std::optional<std::int64_t> age_limit_us, wait_limit_ms;
    // Of the function itself.
    std::string name, version;
    std::vector<std::string> arg_names, ignore;
    std::optional<std::int64_t> expires_after_us;
    std::optional<int> own_verbose;
    bool has_own_mmap_mode = false;
    std::optional<std::string> own_mmap_mode;
};

CachedForm form_of(const FunctionState& function);
// One for all equal forms, as long as it is among those that were asked for last. Numbers are claims: Error{usage} or
// {format} for those that no Memory has.
std::shared_ptr<MemoryState> memory_of(const CachedForm& form);
CacheOptions options_of(const CachedForm& form);

}  // namespace jl::detail
