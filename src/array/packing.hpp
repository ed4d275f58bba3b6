// How the payload of an array record is kept: as it is, or packed in units that decode apart (spec: packed arrays).
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

namespace jl {

// The numbers are those of the directory.
enum class Packing : std::uint8_t { none = 0, shuffle = 1, blosc = 2 };

constexpr const char* name_of(Packing packing) {
    return packing == Packing::shuffle ? "shuffle" : packing == Packing::blosc ? "blosc" : "none";
}

// Items of 2 to 255 bytes can be shuffled.
constexpr bool is_shuffled_well(std::uint64_t itemsize) { return itemsize >= 2 && itemsize <= 255; }

// Payload bytes of each unit; the last one has the rest. Shuffled blocks hold whole items. Precondition: nbytes > 0,
// for shuffle also is_shuffled_well.
constexpr std::uint64_t unit_bytes(Packing packing, std::uint64_t itemsize, std::uint64_t nbytes) {
    constexpr std::uint64_t block = std::uint64_t{256} << 10;
    constexpr std::uint64_t chunk = std::uint64_t{1} << 20;
    return packing == Packing::blosc ? chunk : std::min(block / itemsize * itemsize, nbytes);
}

constexpr std::uint64_t unit_count(Packing packing, std::uint64_t itemsize, std::uint64_t nbytes) {
    const std::uint64_t unit = unit_bytes(packing, itemsize, nbytes);
    return nbytes / unit + (nbytes % unit != 0 ? 1 : 0);
}

// How a dump packs its arrays.
struct Packer {
    Packing packing = Packing::none;
    std::string compressor = {};  // blosc's
    int level = 0;                // blosc's

    // What becomes of an array: `packing`, or none where that would gain nothing.
    Packing packing_of(std::uint64_t itemsize, std::uint64_t nbytes) const {
        constexpr std::uint64_t worth_its_form = 4096;
        const bool possible = packing == Packing::blosc ? itemsize > 0 : is_shuffled_well(itemsize);
        return nbytes >= worth_its_form && possible ? packing : Packing::none;
    }
};

}  // namespace jl
