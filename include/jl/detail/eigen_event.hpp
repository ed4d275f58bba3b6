// Any dense expression of Eigen as one array event: what has items in memory from there, everything else evaluated
// piece by piece.
#pragma once

#include <Eigen/Core>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>

#include <jl/detail/array_target.hpp>
#include <jl/detail/strided_event.hpp>
#include <jl/emitter.hpp>

namespace jl::detail {

// The expression that an object is, for objects derived from expressions too.
template <class D>
const D& eigen_expression(const Eigen::DenseBase<D>& expression) {
    return expression.derived();
}
template <class T>
using EigenExpression = std::remove_cvref_t<decltype(eigen_expression(std::declval<const T&>()))>;

template <class T>
concept EigenObject = requires {
    typename EigenExpression<T>;
};
template <class T>
concept EigenDense = EigenObject<T> && ArrayElement<typename T::Scalar>;

template <class T>
inline constexpr bool is_eigen_vector = T::IsVectorAtCompileTime;
template <class T>
inline constexpr char eigen_order = T::IsRowMajor ? 'C' : 'F';

// Items from the evaluator of an expression, which is made once: it holds the products inside.
template <class T>
void emit_eigen_expression(Emitter& out, const T& value, std::span<const std::uint64_t> shape) {
    using Item = typename T::Scalar;
    const Eigen::internal::evaluator<T> items(value);
    const bool by_rows = T::IsRowMajor || out.row_major();
    const Eigen::Index length = by_rows ? value.cols() : value.rows();
    const auto fill = [&](std::uint64_t first, std::span<std::byte> to) {
        Eigen::Index outer = length == 0 ? 0 : static_cast<Eigen::Index>(first) / length;
        Eigen::Index inner = length == 0 ? 0 : static_cast<Eigen::Index>(first) % length;
        for (std::size_t i = 0; i < to.size(); ++outer, inner = 0) {
            for (; inner < length && i < to.size(); ++inner, i += sizeof(Item)) {
                const Item item = by_rows ? items.coeff(outer, inner) : items.coeff(inner, outer);
                std::memcpy(to.data() + i, &item, sizeof(Item));
            }
        }
    };
    out.array({DType::of<Item>(), shape, is_eigen_vector<T> || by_rows ? 'C' : 'F', {}, fill});
}

template <class T>
concept EigenInMemory = (static_cast<unsigned>(T::Flags) & Eigen::DirectAccessBit) != 0 && requires(const T& value) {
    { value.data() } -> std::convertible_to<const typename T::Scalar*>;
};

template <EigenInMemory T>
void emit_eigen_memory(Emitter& out, const T& value, std::span<const std::uint64_t> shape) {
    const std::ptrdiff_t inner = value.innerStride();
    const std::ptrdiff_t outer = value.outerStride();
    const bool outer_first = T::IsRowMajor && !is_eigen_vector<T>;
    const std::ptrdiff_t strides[] = {outer_first ? outer : inner, outer_first ? inner : outer};
    emit_strided(out, DType::of<typename T::Scalar>(), shape, {strides, shape.size()},
                 reinterpret_cast<const std::byte*>(value.data()));
}

template <class T>
void emit_eigen_key(Emitter& out, const T& value, std::size_t rank) {
    const Eigen::internal::evaluator<T> items(value);
    constexpr Eigen::Index zero = 0;
    emit_frozen(out, rank, static_cast<std::size_t>(value.size()), [&](std::size_t i) -> typename T::Scalar {
        const auto at = static_cast<Eigen::Index>(i);
        return T::RowsAtCompileTime == 1 ? items.coeff(zero, at) : items.coeff(at, zero);
    });
}

template <class T>
void emit_eigen(Emitter& out, const T& value) {
    const auto rows = static_cast<std::uint64_t>(value.rows());
    const auto columns = static_cast<std::uint64_t>(value.cols());
    const std::uint64_t dimensions[] = {is_eigen_vector<T> ? rows * columns : rows, columns};
    const std::span<const std::uint64_t> shape(dimensions, is_eigen_vector<T> ? 1 : 2);
    if (out.frozen())
        emit_eigen_key(out, value, shape.size());
    else if constexpr (EigenInMemory<T>)
        emit_eigen_memory(out, value, shape);
    else
        emit_eigen_expression(out, value, shape);
}

}  // namespace jl::detail
