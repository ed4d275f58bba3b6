// Eigen: dense matrices, arrays, maps, blocks and expressions are arrays; matrices and arrays load into their own
// storage.
//
//     jl::dump(Eigen::MatrixXd::Random(3, 4), "m.pkl");       // numpy: shape (3, 4), F order (row-major ones: C order)
//     auto v = jl::load<Eigen::VectorXd>("v.pkl");            // shape (n,); (n, 1) is taken as well
//
// What is a vector at compile time is a 1-d array. Expressions are evaluated piece by piece, except for products of
// matrices, which Eigen evaluates as a whole. Loading reorders and converts (exactly) as needed; a size that is fixed
// at compile time must be met, else Error{range}.
#pragma once

#include <Eigen/Core>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <typeinfo>

#include <jl/detail/array_target.hpp>
#include <jl/detail/eigen_event.hpp>
#include <jl/mapping.hpp>

namespace jl {

namespace detail {

// Owns its items: Eigen::Matrix or Eigen::Array.
template <class T>
concept EigenContainer = EigenDense<T> && std::derived_from<T, Eigen::PlainObjectBase<T>>;
// Any number of rows and columns; a vector: any length.
template <class T>
concept AnySizeEigen = EigenContainer<T> && T::MaxSizeAtCompileTime == Eigen::Dynamic &&
                       (is_eigen_vector<T> ||
                        (T::RowsAtCompileTime == Eigen::Dynamic && T::ColsAtCompileTime == Eigen::Dynamic &&
                         T::MaxRowsAtCompileTime == Eigen::Dynamic && T::MaxColsAtCompileTime == Eigen::Dynamic));

// Rows and columns for an array of this shape.
template <class T>
struct EigenSize {
    static constexpr std::size_t rank = is_eigen_vector<T> ? 1 : 2;
    Eigen::Index rows;
    Eigen::Index columns;

    EigenSize(const Record& in, std::span<const std::uint64_t> shape) {
        constexpr bool is_row = T::RowsAtCompileTime == 1;
        const bool is_flat = rank == 1 && shape.size() == 1;
        if (!is_flat && shape.size() != 2) fail_rank(in, rank);
        rows = is_flat && is_row ? 1 : static_cast<Eigen::Index>(shape[0]);
        columns = !is_flat ? static_cast<Eigen::Index>(shape[1]) : is_row ? static_cast<Eigen::Index>(shape[0]) : 1;
        if (!fits(rows, T::RowsAtCompileTime, T::MaxRowsAtCompileTime) ||
            !fits(columns, T::ColsAtCompileTime, T::MaxColsAtCompileTime))
            fail_shape(in, needed(), shape);
    }

  private:
    static bool fits(Eigen::Index size, int wanted, int most) {
        return (wanted == Eigen::Dynamic || size == wanted) && (most == Eigen::Dynamic || size <= most);
    }
    static std::string text(int wanted, int most) {
        if (wanted != Eigen::Dynamic) return std::to_string(wanted);
        return most == Eigen::Dynamic ? "n" : "<= " + std::to_string(most);
    }
    static std::string needed() {
        return "a matrix of shape (" + text(T::RowsAtCompileTime, T::MaxRowsAtCompileTime) + ", " +
               text(T::ColsAtCompileTime, T::MaxColsAtCompileTime) + ")";
    }
};

// T is an expression itself, not derived from one.
template <class T>
struct EigenMapping {
    using Item = typename T::Scalar;
    static constexpr bool is_vector = is_eigen_vector<T>;

    static void emit(Emitter& out, const T& value) { emit_eigen(out, value); }

    static void read(const Record& in, T& value) {
        static_assert(EigenContainer<T>,
                      "a map, block or expression of Eigen owns no items: load an Eigen::Matrix or Eigen::Array");
        if (!in.is_array()) return read_sequence(in, value);
        const ArrayRecord array = in.array();
        bool movable = false;
        if (T* held = array.held<T>(movable)) {
            if (movable)
                value = std::move(*held);
            else
                value = *held;
            return;
        }
        const std::span<Item> items = make_room(value, EigenSize<T>(in, array.shape()));
        array.copy_to(DType::of<Item>(), eigen_order<T>, std::as_writable_bytes(items));
    }

    // Sizes known at compile time are compared before anything is made: only what takes any shape has places.
    static void places(ArrayPlaces& places) requires AnySizeEigen<T> {
        places.add({DType::of<Item>(), is_vector ? 1 : 2, is_vector ? '\0' : eigen_order<T>, &typeid(T), &make_place});
    }

  private:
    static std::span<Item> make_room(T& value, const EigenSize<T>& size) {
        const bool fresh = value.size() != size.rows * size.columns;
        value.resize(size.rows, size.columns);
        const std::span<Item> items(value.data(), static_cast<std::size_t>(value.size()));
        if (fresh) advise_before_use(items.data(), items.size());
        return items;
    }

    static void read_sequence(const Record& in, T& value) {
        if constexpr (!is_vector)
            in.fail_kind("an array of 2 dimensions");
        else
            read_list<Item>(in, [&](std::size_t count) {
                const std::uint64_t shape[] = {count};
                return make_room(value, EigenSize<T>(in, shape)).data();
            });
    }

    static ArrayPlace::Made make_place(std::span<const std::uint64_t> shape, char) {
        auto made = std::make_shared<T>();
        if constexpr (is_vector)
            made->resize(static_cast<Eigen::Index>(shape[0]));
        else
            made->resize(static_cast<Eigen::Index>(shape[0]), static_cast<Eigen::Index>(shape[1]));
        const std::span<Item> items(made->data(), static_cast<std::size_t>(made->size()));
        advise_before_use(items.data(), items.size());
        return {made, std::as_writable_bytes(items)};
    }
};

}  // namespace detail

template <detail::EigenDense T>
struct Mapping<T> : detail::EigenMapping<detail::EigenExpression<T>> {};

}  // namespace jl
