#include "codec/unit_reader.hpp"

#include <jl/error.hpp>

namespace jl::detail {

void UnitReader::read(std::size_t unit, std::span<std::byte> into) {
    const Extent extent = table_->compressed(unit);
    const auto size = static_cast<std::size_t>(extent.size);
    if (compressed_.size() < size + UnitDecoder::spare_bytes) compressed_ = Buffer(size + UnitDecoder::spare_bytes);
    from_->read_at(extent.offset, compressed_.bytes().first(size));
    try {
        decoder_->decode(compressed_.bytes().first(size + UnitDecoder::spare_bytes), into);
    } catch (Error& error) {
        error.at_byte(table_->decoded(unit).offset);
        throw;
    }
}

}  // namespace jl::detail
