// The ways in which arrays are packed, and arrays of every kind to pack.
//
//     for (const Way& way : packing_ways()) dump(some_arrays(), path, way.options);
#pragma once

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include <jl/jl.hpp>

#include "codec/packed_units.hpp"

namespace jl::test {

struct Way {
    std::string name;  // letters and digits
    DumpOptions options;
    std::string packing;  // as an ArrayEntry tells it
    bool has_random_access = true;
};
inline std::ostream& operator<<(std::ostream& out, const Way& way) { return out << way.name; }

inline bool has_blosc() { return !detail::blosc_compressors().empty(); }

inline std::vector<Way> packing_ways() {
    std::vector<Way> ways;
    for (const std::string& name : compressors()) {
        if (name == "zlib" || name == "gzip" || name == "lz4" || name == "zstd" || name == "xz")
            ways.push_back({name, {.compress = {name, 1}, .shuffle = true}, "shuffle"});
        if (name == "lzma") ways.push_back({name, {.compress = {name, 1}, .shuffle = true}, "shuffle", false});
    }
    for (const std::string& inside : detail::blosc_compressors())
        ways.push_back({"blosc" + inside, {.compress = {"blosc:" + inside, 5}}, "blosc"});
    return ways;
}

using Arrays = std::map<std::string, std::vector<std::int64_t>>;

// One of several units, one of exactly one chunk of Blosc, one that is a little longer, one too small to be packed.
inline Arrays some_arrays() {
    Arrays arrays;
    const auto add = [&](const char* name, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            arrays[name].push_back(static_cast<std::int64_t>(i * 1'000 + i * 7919 % 997));
    };
    add("ascending", 400'000), add("chunk", 131'072), add("longer", 131'073), add("small", 20);
    return arrays;
}

// 0, 1, 2, … as >f8.
Value big_endian(std::size_t count);

// Arrays of every size of item, in both orders, big-endian, structured, of text, of time; empty and zero-dimensional.
Value every_kind();

}  // namespace jl::test
