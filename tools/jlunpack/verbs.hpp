// The verbs of jlunpack, a source file each. All return the exit status and throw what goes wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <jl/codec.hpp>

namespace jl::unpack {

struct Request {
    std::string file;
    std::string output = {};                   // -o, or OUT of --convert
    std::string path = {};                     // --cat
    std::optional<std::uint64_t> object = {};  // --object
    Compress compress = {};                    // -c
    bool shuffle = false;
    bool statistics = false;  // --stats
    unsigned n_threads = 0;   // -j
    bool progress = true;     // bars, where standard error is a terminal
    bool quiet = false;
};

int list(const Request& request);
int json(const Request& request);
int cat(const Request& request);
int extract(const Request& request);
int verify(const Request& request);
int convert(const Request& request);

}  // namespace jl::unpack
