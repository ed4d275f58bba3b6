#include "shell/array_items.hpp"

#include <algorithm>

namespace jl::shell {
namespace {

constexpr std::size_t window_bytes = std::size_t{1} << 20;  // what one checksum covers
constexpr std::size_t piece_bytes = std::size_t{16} << 20;  // work for all threads, and between two reports of progress

}  // namespace

ArrayItems::ArrayItems(const Value& array)
    : array_(array), itemsize_(static_cast<std::size_t>(array.dtype().itemsize())) {}

std::span<const std::byte> ArrayItems::at(std::uint64_t position) {
    const std::uint64_t first = position * itemsize_;
    if (!array_.is_deferred()) return array_.array_bytes().subspan(static_cast<std::size_t>(first), itemsize_);
    if (first < begin_ || first + itemsize_ > begin_ + window_.size()) {
        begin_ = first;
        window_.resize(static_cast<std::size_t>(
            std::min<std::uint64_t>(std::max(window_bytes, itemsize_), array_.nbytes() - first)));
        array_.read_array(begin_, window_);
    }
    return std::span(window_).subspan(static_cast<std::size_t>(first - begin_), itemsize_);
}

void ArrayItems::for_each_piece(const std::function<void(std::span<const std::byte>)>& take) {
    const std::size_t step = std::max(piece_bytes / std::max<std::size_t>(itemsize_, 1), std::size_t{1}) * itemsize_;
    std::vector<std::byte> piece;
    for (std::uint64_t at = 0; at < array_.nbytes(); at += step) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(step, array_.nbytes() - at));
        if (!array_.is_deferred()) {
            take(array_.array_bytes().subspan(static_cast<std::size_t>(at), size));
            continue;
        }
        piece.resize(size);
        array_.read_array(at, piece);
        take(piece);
    }
}

}  // namespace jl::shell
