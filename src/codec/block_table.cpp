#include "codec/block_table.hpp"

#include <algorithm>

namespace jl::detail {

void BlockTable::add(Extent compressed, std::uint64_t decoded_size) {
    units_.push_back({compressed, decoded_length_});
    decoded_length_ += decoded_size;
    longest_unit_ = std::max(longest_unit_, decoded_size);
}

Extent BlockTable::decoded(std::size_t unit) const {
    const std::uint64_t begin = units_[unit].decoded_offset;
    const std::uint64_t end = unit + 1 < units_.size() ? units_[unit + 1].decoded_offset : decoded_length_;
    return {begin, end - begin};
}

std::size_t BlockTable::unit_at(std::uint64_t position) const {
    const auto behind = std::ranges::upper_bound(units_, position, {}, &Unit::decoded_offset);
    return static_cast<std::size_t>(behind - units_.begin()) - 1;
}

}  // namespace jl::detail
