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
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>
#include <xtensor/xarray.hpp>
#include <xtensor/xbuilder.hpp>  // this and the next for users: xt::ones, xt::random::rand
#include <xtensor/xrandom.hpp>
#include <xtensor/xtensor.hpp>

#include <jl/array.hpp>
#include <jl/detail/array_target.hpp>
#include <jl/detail/shared_buffer.hpp>
#include <jl/detail/xtensor_container.hpp>
#include <jl/detail/xtensor_event.hpp>
#include <jl/mapping.hpp>

namespace jl {

template <class T>
using xarray = xt::xarray_container<detail::SharedBuffer<T>, xt::layout_type::dynamic, xt::dynamic_shape<std::size_t>>;
template <class T, std::size_t N>
using xtensor = xt::xtensor_container<detail::SharedBuffer<T>, N, xt::layout_type::dynamic>;

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
