// Any xtensor expression as one array event: containers and strided views from their memory, everything else evaluated
// piece by piece, each item once.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>
#include <type_traits>
#include <xtensor/xexpression.hpp>
#include <xtensor/xiterator.hpp>
#include <xtensor/xlayout.hpp>
#include <xtensor/xstorage.hpp>
#include <xtensor/xstrides.hpp>

#include <jl/detail/array_target.hpp>
#include <jl/detail/strided_event.hpp>
#include <jl/emitter.hpp>

namespace jl::detail {

template <class E>
concept XtensorExpression = std::is_class_v<E> && xt::is_xexpression<E>::value && ArrayElement<typename E::value_type>;

template <class E>
concept XtensorInMemory = std::is_reference_v<typename E::const_reference> && requires(const E& e) {
    { e.data() + e.data_offset() } -> std::same_as<const typename E::value_type*>;
    e.strides().begin();
};

using XtensorShape = xt::svector<std::uint64_t, 4>;
using XtensorStrides = xt::svector<std::ptrdiff_t, 4>;

// Items from an iterator in the order of the event.
template <class T, class Iterator>
void emit_items(Emitter& out, std::span<const std::uint64_t> shape, char order, Iterator next) {
    std::uint64_t at = 0;
    const auto fill = [&](std::uint64_t first, std::span<std::byte> items) {
        if (first != at) next += static_cast<typename std::iterator_traits<Iterator>::difference_type>(first - at);
        for (std::size_t i = 0; i < items.size(); i += sizeof(T), ++next) {
            const T item = static_cast<T>(*next);
            std::memcpy(items.data() + i, &item, sizeof(T));
        }
        at = first + items.size() / sizeof(T);
    };
    out.array({DType::of<T>(), shape, order, {}, fill});
}

// Whether item i of the traversal in order L is item i in the memory of every operand.
template <xt::layout_type L, class E>
bool is_linear(const E& e) {
    auto shape = xt::uninitialized_shape<xt::dynamic_shape<std::size_t>>(e.dimension());
    XtensorStrides strides(e.dimension());
    const bool trivial = e.broadcast_shape(shape, true);
    xt::compute_strides(shape, L, strides);
    return trivial && e.has_linear_assign(strides);
}

template <xt::layout_type L, class E>
void emit_lazily(Emitter& out, const E& e, std::span<const std::uint64_t> shape) {
    using T = typename E::value_type;
    constexpr char order = L == xt::layout_type::column_major ? 'F' : 'C';
    if (is_linear<L>(e))
        emit_items<T>(out, shape, order, xt::linear_begin(e));
    else
        emit_items<T>(out, shape, order, e.template begin<L>());
}

template <class E>
void emit_xtensor(Emitter& out, const E& e) {
    using T = typename E::value_type;
    using xt::layout_type;
    const XtensorShape dimensions(e.shape().begin(), e.shape().end());
    const std::span<const std::uint64_t> shape(dimensions.data(), dimensions.size());
    if (out.frozen()) {
        emit_frozen(out, shape.size(), e.size(), [&](std::size_t i) { return static_cast<T>(e(i)); });
    } else if constexpr (XtensorInMemory<E>) {
        const XtensorStrides strides(e.strides().begin(), e.strides().end());
        emit_strided(out, DType::of<T>(), shape, {strides.data(), strides.size()},
                     reinterpret_cast<const std::byte*>(e.data() + e.data_offset()));
    } else if constexpr (E::static_layout == layout_type::row_major || E::static_layout == layout_type::any) {
        emit_lazily<layout_type::row_major>(out, e, shape);
    } else {
        if (e.layout() == layout_type::column_major && !out.row_major())
            emit_lazily<layout_type::column_major>(out, e, shape);
        else
            emit_lazily<layout_type::row_major>(out, e, shape);
    }
}

}  // namespace jl::detail
