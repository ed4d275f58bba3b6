// An n-dimensional array that adopts loaded or mapped bytes without a copy.
//
//     jl::Array<double> a = file.array<double>("weights");     a(3, 4);   a.shape();   for (double x : a) …
//
// Copies refer to the same items (like numpy views); they live until the last copy is gone, a map included. Items are
// in order(): 'C' last index fastest, 'F' first index fastest. Writing to an array mapped read-only crashes, as with
// any read-only map.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <jl/buffer.hpp>
#include <jl/mapping.hpp>

namespace jl {

template <class T>
class Array {
    static_assert(std::is_trivially_copyable_v<T>);

  public:
    using value_type = T;
    using jl_own_mapping = void;

    Array() : shape_{0} {}
    // Items are unspecified.
    explicit Array(std::vector<std::uint64_t> shape, char order = 'C') : shape_(std::move(shape)), order_(order) {
        auto buffer = std::make_shared<Buffer>(static_cast<std::size_t>(count() * sizeof(T)));
        data_ = reinterpret_cast<T*>(buffer->data());
        owner_ = std::move(buffer);
    }
    Array(T* data, std::vector<std::uint64_t> shape, char order, std::shared_ptr<void> owner) noexcept
        : data_(data), shape_(std::move(shape)), order_(order), owner_(std::move(owner)) {}

    const std::vector<std::uint64_t>& shape() const noexcept { return shape_; }
    std::size_t dimension() const noexcept { return shape_.size(); }
    char order() const noexcept { return order_; }
    std::size_t size() const noexcept { return static_cast<std::size_t>(count()); }
    T* data() const noexcept { return data_; }
    std::span<T> items() const noexcept { return {data_, size()}; }
    T* begin() const noexcept { return data_; }
    T* end() const noexcept { return data_ + size(); }
    const std::shared_ptr<void>& owner() const noexcept { return owner_; }

    // One index a dimension, unchecked as in the containers of the standard library.
    template <std::integral... I>
    T& operator()(I... index) const noexcept {
        const std::uint64_t at[] = {static_cast<std::uint64_t>(index)..., 0};
        std::uint64_t position = 0;
        for (std::size_t i = 0; i < sizeof...(I); ++i) {
            const std::size_t axis = order_ == 'C' ? i : sizeof...(I) - 1 - i;
            position = position * shape_[axis] + at[axis];
        }
        return data_[position];
    }

  private:
    std::uint64_t count() const noexcept {
        std::uint64_t product = 1;
        for (const std::uint64_t n : shape_) product *= n;
        return product;
    }

    T* data_ = nullptr;
    std::vector<std::uint64_t> shape_;
    char order_ = 'C';
    std::shared_ptr<void> owner_;
};

template <ArrayElement T>
struct Mapping<Array<T>> {
    static void emit(Emitter& out, const Array<T>& value) {
        out.array({DType::of<T>(), value.shape(), value.order(),
                   std::as_bytes(std::span<const T>(value.data(), value.size()))});
    }
    static void read(const Record& in, Array<T>& value) {
        const ArrayRecord array = in.array();
        const ArrayRecord::Shared shared = array.share(DType::of<T>());
        value = Array<T>(reinterpret_cast<T*>(shared.data), array.shape(), array.order(), shared.owner);
    }
};

}  // namespace jl
