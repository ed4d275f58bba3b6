#include "codec/find_units.hpp"

#include <algorithm>

#include "codec/built_in_codecs.hpp"
#include "codec/ratio.hpp"

namespace jl::detail {
namespace {

bool fits_memory(const BlockTable& table) {
    if (table.longest_unit() > most_unit_bytes) return false;
    for (std::size_t i = 0; i < table.unit_count(); ++i) {
        if (table.compressed(i).size > most_unit_bytes + most_unit_bytes / 8) return false;
    }
    return true;
}

}  // namespace

FoundUnits find_units(const RandomSource& source, const Codec& codec, double ratio) {
    FoundUnits found;
    const BlockFraming* const framing = block_framing_of(codec);
    if (framing == nullptr) return found;
    try {
        found.units = framing->find(source, ratio);
        if (!found.units) return found;
        require_ratio(found.units->table().decoded_length(), source.size(), ratio);
        if (!fits_memory(found.units->table())) found.units.reset();
    } catch (const Error& error) {
        // Several streams in one file, or a lie: reading in order tells which.
        if (error.code() != ErrorCode::format && error.code() != ErrorCode::checksum) throw;
        found.lie = error;
    }
    return found;
}

}  // namespace jl::detail
