// The verbs of jlcache: each looks into the cache of one folder and returns the exit status.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <jl/memory.hpp>

namespace jl::cache {

struct Request {
    std::string location;
    std::string backend = "local";
    std::string function;              // ls, stats: of this function alone
    std::vector<std::string> entries;  // rm, pin, unpin: "FUNCTION" or "FUNCTION/HASH"
    std::string bytes_limit;           // reduce
    std::optional<std::uint64_t> items_limit;
    std::string age_limit;
    bool everything = false;      // rm
    bool remove_damaged = false;  // verify
    bool json = false;            // ls, stats
    bool quiet = false;
    unsigned n_threads = 0;
};

int ls(const Request& request);
int stats(const Request& request);
int rm(const Request& request);
int reduce(const Request& request);
int verify(const Request& request);
int pin(const Request& request, Pinned pinned);

}  // namespace jl::cache
