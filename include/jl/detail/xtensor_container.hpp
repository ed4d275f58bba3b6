// Containers of xtensor while they are loaded: what they are, room for their items, a container made of its items.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <xtensor/xarray.hpp>
#include <xtensor/xfixed.hpp>
#include <xtensor/xtensor.hpp>

#include <jl/detail/array_target.hpp>
#include <jl/detail/array_vector.hpp>
#include <jl/detail/shared_buffer.hpp>
#include <jl/detail/xtensor_event.hpp>

namespace jl::detail {

template <class E>
inline constexpr bool is_fixed_xtensor = false;
template <class ET, class S, xt::layout_type L, bool SH, class Tag>
inline constexpr bool is_fixed_xtensor<xt::xfixed_container<ET, S, L, SH, Tag>> = true;

template <class T>
inline constexpr bool is_uvector = false;
template <class T, class A>
inline constexpr bool is_uvector<xt::uvector<T, A>> = true;

template <class T>
inline constexpr bool is_shared_buffer = false;
template <class T, class A>
inline constexpr bool is_shared_buffer<SharedBuffer<T, A>> = true;

// Owns its items: what xtensor itself would make for a copy.
template <class E>
concept XtensorContainer = XtensorExpression<E> && std::same_as<E, typename E::temporary_type>;
template <class E>
concept GrowingXtensor = XtensorContainer<E> && !is_fixed_xtensor<E>;
template <class E>
concept AdoptingXtensor = GrowingXtensor<E> && is_shared_buffer<typename E::storage_type>;

template <class E>
struct XtensorStorage {
    using type = void;  // none of its own
};
template <GrowingXtensor E>
struct XtensorStorage<E> {
    using type = typename E::storage_type;
};

template <class E>
constexpr xt::layout_type layout_for(char order) {
    if (E::static_layout != xt::layout_type::dynamic) return E::static_layout;
    return order == 'F' ? xt::layout_type::column_major : xt::layout_type::row_major;
}
// The order in which E keeps the items of an array of this order.
template <class E>
constexpr char order_for(char order) {
    return layout_for<E>(order) == xt::layout_type::column_major ? 'F' : 'C';
}

template <class E>
auto shape_for(std::span<const std::uint64_t> shape) {
    auto dimensions = xtl::make_sequence<typename E::shape_type>(shape.size(), 0);
    std::copy(shape.begin(), shape.end(), dimensions.begin());
    return dimensions;
}

// Room for so many items, untouched where the storage allows that.
template <class Storage>
void make_room(Storage& storage, std::size_t count) {
    if constexpr (is_uvector<Storage>) {
        const bool fresh = storage.size() != count;
        storage.resize(count);
        if (fresh) advise_before_use(storage.data(), count);
    } else if constexpr (is_shared_buffer<Storage>) {
        storage.resize(count);
    } else {
        resize_for_load(storage, count);
    }
}

// The container of these items. Precondition: as many dimensions as E has, and a layout that E can have.
template <GrowingXtensor E>
E with_items(typename E::storage_type&& storage, std::span<const std::uint64_t> shape, char order) {
    auto dimensions = shape_for<E>(shape);
    auto strides = xtl::make_sequence<typename E::strides_type>(shape.size(), 0);
    E made(std::move(storage), shape_for<E>(shape), std::move(strides));
    made.reshape(dimensions, layout_for<E>(order));
    return made;
}

template <AdoptingXtensor E>
E adopt_items(typename E::value_type* items, std::span<const std::uint64_t> shape, char order,
              std::shared_ptr<void> owner) {
    const std::size_t count = xt::compute_size(shape_for<E>(shape));
    return with_items<E>(typename E::storage_type(items, count, std::move(owner)), shape, order);
}

}  // namespace jl::detail
