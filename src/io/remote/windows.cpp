#include "io/remote/windows.hpp"

#include <algorithm>
#include <cstring>

#include "io/range.hpp"

namespace jl::detail {

void Windows::start(std::uint64_t size, std::vector<std::byte> tail) {
    size_ = size;
    tail_ = {size - tail.size(), std::move(tail)};
}

void Windows::read(std::uint64_t offset, std::span<std::byte> into, const Fetch& fetch) {
    require_range(offset, into.size(), size_);
    const auto copy = [&](const Window& window) {
        const auto skipped = static_cast<std::size_t>(offset - window.offset);
        const std::size_t count = std::min(into.size(), window.bytes.size() - skipped);
        std::memcpy(into.data(), window.bytes.data() + skipped, count);
        into = into.subspan(count);
        offset += count;
    };
    while (!into.empty()) {
        if (!tail_.bytes.empty() && offset >= tail_.offset) {
            copy(tail_);
        } else if (const Shared known = find(offset)) {
            copy(*known);
        } else if (into.size() < long_read) {
            copy(*bring(offset, fetch));
        } else {
            const std::uint64_t end = tail_.bytes.empty() ? size_ : tail_.offset;
            const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), end - offset));
            fetch(offset, into.first(count));
            into = into.subspan(count);
            offset += count;
        }
    }
}

Windows::Shared Windows::find(std::uint64_t offset) {
    const std::lock_guard lock(mutex_);
    for (const Shared& window : recent_)
        if (window && window->offset <= offset && offset < window->end()) return window;
    return nullptr;
}

Windows::Shared Windows::bring(std::uint64_t offset, const Fetch& fetch) {
    std::size_t length = shortest;
    {
        const std::lock_guard lock(mutex_);
        next_length_ = offset == expected_ && offset > 0 ? std::min(2 * next_length_, longest) : shortest;
        length = next_length_;
    }
    const std::uint64_t end = tail_.bytes.empty() ? size_ : tail_.offset;
    auto fresh = std::make_shared<Window>();
    fresh->offset = offset;
    fresh->bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(length, end - offset)));
    fetch(offset, fresh->bytes);
    const std::lock_guard lock(mutex_);
    expected_ = fresh->end();
    std::rotate(recent_.begin(), recent_.end() - 1, recent_.end());
    recent_[0] = fresh;
    return fresh;
}

}  // namespace jl::detail
