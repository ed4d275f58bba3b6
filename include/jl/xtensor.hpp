// xtensor: containers, adaptors, views and lazy expressions are arrays; containers load into their own storage.
//
//     jl::dump(xt::sin(a) + 1, "lazy.pkl");                         // evaluated piece by piece
//     auto x = jl::load<xt::xtensor<double, 2>>("x.pkl");           // Error{type} unless it has two dimensions
//     auto m = jl::load<jl::xarray<double>>("x.pkl", {.mmap_mode = jl::MmapMode::r});  // pages come from the file
//     auto rand = jl::as_xarray(file.array<double>("rand"));        // no copy
//
// Row-major is written in C order, column-major in F order; loading reorders and converts (exactly) as needed.
// jl::xarray and jl::xtensor adopt what was loaded or mapped, in either order: changed items are changed in the
// document or map, an assigned expression has memory of its own (xt::noalias and views write in place), copies are
// deep.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>
#include <xtensor/xarray.hpp>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xfixed.hpp>
#include <xtensor/xrandom.hpp>
#include <xtensor/xtensor.hpp>

#include <jl/array.hpp>
#include <jl/detail/array_target.hpp>
#include <jl/detail/array_vector.hpp>
#include <jl/detail/shared_buffer.hpp>
#include <jl/detail/xtensor_event.hpp>
#include <jl/mapping.hpp>

namespace jl {

template <class T>
using xarray = xt::xarray_container<detail::SharedBuffer<T>, xt::layout_type::dynamic, xt::dynamic_shape<std::size_t>>;
template <class T, std::size_t N>
using xtensor = xt::xtensor_container<detail::SharedBuffer<T>, N, xt::layout_type::dynamic>;

namespace detail {

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

}  // namespace detail

// Shares the items of `array`.
template <ArrayElement T>
xarray<T> as_xarray(const Array<T>& array) {
    return detail::adopt_items<xarray<T>>(array.data(), array.shape(), array.order(), array.owner());
}

template <detail::XtensorExpression E>
struct Mapping<E> {
    using Item = typename E::value_type;
    using Storage = typename detail::XtensorStorage<E>::type;

    static void emit(Emitter& out, const E& value) { detail::emit_xtensor(out, value); }

    static void read(const Record& in, E& value) {
        static_assert(detail::XtensorContainer<E>,
                      "a view or expression of xtensor owns no items: load an xt::xarray, xt::xtensor or jl::xarray");
        if (!in.is_array()) return read_list(in, value);
        const ArrayRecord array = in.array();
        if (E::rank != any_rank && E::rank != array.shape().size()) detail::fail_rank(in, E::rank);
        if constexpr (detail::AdoptingXtensor<E>)
            adopt(array, value);
        else if constexpr (detail::is_fixed_xtensor<E>)
            read_fixed(in, array, value);
        else
            read_items(array, value);
    }

    static void places(ArrayPlaces& places) requires(detail::GrowingXtensor<E> && !detail::AdoptingXtensor<E>) {
        constexpr xt::layout_type layout = E::static_layout;
        const char order = layout == xt::layout_type::dynamic ? '\0' : detail::order_for<E>('C');
        const int rank = E::rank == any_rank ? -1 : static_cast<int>(E::rank);
        places.add({DType::of<Item>(), rank, order, &typeid(Storage), &make_place});
    }

  private:
    static constexpr std::size_t any_rank = SIZE_MAX;

    static void adopt(const ArrayRecord& array, E& value) {
        const ArrayRecord::Shared shared = array.share(DType::of<Item>());
        auto* const items = reinterpret_cast<Item*>(shared.data);
        value = detail::adopt_items<E>(items, array.shape(), array.order(), shared.owner);
    }

    static void read_fixed(const Record& in, const ArrayRecord& array, E& value) {
        require_shape(in, value, array.shape());
        copy_items(array, value);
    }

    static void read_items(const ArrayRecord& array, E& value) {
        Storage storage;
        bool movable = false;
        Storage* const held = array.held<Storage>(movable);
        const bool fits = held && (array.shape().size() < 2 || array.order() == detail::order_for<E>(array.order()));
        if (fits && movable)
            storage = std::move(*held);
        else if (fits)
            storage = *held;
        else
            detail::make_room(storage, static_cast<std::size_t>(array.size()));
        value = detail::with_items<E>(std::move(storage), array.shape(), array.order());
        if (!fits) copy_items(array, value);
    }

    static void copy_items(const ArrayRecord& array, E& value) {
        const std::span<Item> items(value.data(), value.size());
        array.copy_to(DType::of<Item>(), detail::order_for<E>(array.order()), std::as_writable_bytes(items));
    }

    static void read_list(const Record& in, E& value) {
        if (E::rank != any_rank && E::rank != 1) in.fail_kind("an array of " + std::to_string(E::rank) + " dimensions");
        detail::read_list<Item>(in, [&](std::size_t count) {
            const std::uint64_t shape[] = {count};
            if constexpr (detail::is_fixed_xtensor<E>)
                require_shape(in, value, shape);
            else
                value.resize(detail::shape_for<E>(shape));
            return value.data();
        });
    }

    static void require_shape(const Record& in, const E& value, std::span<const std::uint64_t> shape) {
        const std::vector<std::uint64_t> wanted(value.shape().begin(), value.shape().end());
        if (!std::equal(shape.begin(), shape.end(), wanted.begin(), wanted.end()))
            detail::fail_shape(in, "an array of shape " + detail::shape_text(wanted), shape);
    }

    // Every container with this storage can take it over.
    static ArrayPlace::Made make_place(std::span<const std::uint64_t> shape, char) {
        std::size_t count = 1;
        for (const std::uint64_t n : shape) count *= static_cast<std::size_t>(n);
        auto made = std::make_shared<Storage>();
        detail::make_room(*made, count);
        return {made, std::as_writable_bytes(std::span(made->data(), count))};
    }
};

}  // namespace jl
