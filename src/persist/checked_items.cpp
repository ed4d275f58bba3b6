#include "persist/checked_items.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "codec/transfer.hpp"

namespace jl {

void CheckedItems::pass(std::span<const std::byte> chunks) {
    const std::vector<std::uint32_t> sums = write_checked(to_, chunks, n_threads_);
    checksums_.insert(checksums_.end(), sums.begin(), sums.end());
}

void CheckedItems::write(std::span<const std::byte> items) {
    while (!items.empty()) {
        if (used_ == 0 && items.size() >= checksum_chunk) {
            const std::size_t whole = items.size() / checksum_chunk * checksum_chunk;
            pass(items.first(whole));
            items = items.subspan(whole);
            continue;
        }
        if (chunk_.size() == 0) chunk_ = Buffer(checksum_chunk);
        const std::size_t count = std::min(items.size(), checksum_chunk - used_);
        std::memcpy(chunk_.data() + used_, items.data(), count);
        items = items.subspan(count);
        used_ += count;
        if (used_ == checksum_chunk) finish();
    }
}

void CheckedItems::finish() {
    const std::size_t count = std::exchange(used_, 0);
    if (count > 0) pass(chunk_.bytes().first(count));
}

}  // namespace jl
