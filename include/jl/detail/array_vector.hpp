// Loading an array into a growing contiguous container without touching its memory twice.
#pragma once

#include <cstddef>
#include <span>

#include <jl/buffer.hpp>
#include <jl/record.hpp>

namespace jl::detail {

// Room for `count` items: big blocks are advised to use huge pages before they are first touched, which is several
// times faster.
template <class Container>
void resize_for_load(Container& container, std::size_t count) {
    if constexpr (requires { container.reserve(count); }) {
        constexpr std::size_t worth_advising = std::size_t{4} << 20;
        using Item = typename Container::value_type;
        if (count * sizeof(Item) >= worth_advising && container.capacity() < count) {
            container.clear();
            container.reserve(count);
            advise_huge(std::as_writable_bytes(std::span(container.data(), count)));
        }
    }
    container.resize(count);
}

template <class Container>
ArrayPlace::Made make_vector_place(std::span<const std::uint64_t> shape, char) {
    auto made = std::make_shared<Container>();
    resize_for_load(*made, static_cast<std::size_t>(shape[0]));
    return {made, std::as_writable_bytes(std::span(made->data(), made->size()))};
}

}  // namespace jl::detail
