// The storage of jl::xarray: items in memory that something else may own, such as a loaded document or a map of a file.
//
// Models the storage of an xtensor container. Copies are deep and in memory of their own, moves are cheap, and the
// owner lives as long as the items are referred to. Items are not initialised.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>

#include <jl/buffer.hpp>

namespace jl::detail {

template <class T, class A = std::allocator<T>>
class SharedBuffer {
    static_assert(std::is_trivially_copyable_v<T>);

  public:
    using value_type = T;
    using allocator_type = A;  // xtensor asks; memory comes from jl::Buffer
    using reference = T&;
    using const_reference = const T&;
    using pointer = T*;
    using const_pointer = const T*;
    using size_type = std::size_t;
    using difference_type = std::ptrdiff_t;
    using iterator = T*;
    using const_iterator = const T*;
    using reverse_iterator = std::reverse_iterator<T*>;
    using const_reverse_iterator = std::reverse_iterator<const T*>;

    SharedBuffer() noexcept = default;
    explicit SharedBuffer(size_type size) { resize(size); }
    SharedBuffer(size_type size, const T& value) : SharedBuffer(size) { std::fill(begin(), end(), value); }
    template <std::forward_iterator It>
    SharedBuffer(It first, It last) : SharedBuffer(static_cast<size_type>(std::distance(first, last))) {
        std::copy(first, last, begin());
    }
    SharedBuffer(std::initializer_list<T> items) : SharedBuffer(items.begin(), items.end()) {}
    SharedBuffer(T* items, size_type size, std::shared_ptr<void> owner) noexcept
        : items_(items), size_(size), owner_(std::move(owner)) {}

    SharedBuffer(const SharedBuffer& other) : SharedBuffer(other.begin(), other.end()) {}
    SharedBuffer(SharedBuffer&& other) noexcept
        : items_(std::exchange(other.items_, nullptr)),
          size_(std::exchange(other.size_, 0)),
          owner_(std::move(other.owner_)) {}
    SharedBuffer& operator=(SharedBuffer other) noexcept {
        swap(other);
        return *this;
    }
    ~SharedBuffer() = default;

    // Fresh memory unless the size stays; items are not kept.
    void resize(size_type size) {
        if (size == size_) return;
        auto buffer = std::make_shared<Buffer>(size * sizeof(T));
        items_ = reinterpret_cast<T*>(buffer->data());
        owner_ = std::move(buffer);
        size_ = size;
    }
    void clear() noexcept { SharedBuffer().swap(*this); }
    void swap(SharedBuffer& other) noexcept {
        std::swap(items_, other.items_);
        std::swap(size_, other.size_);
        owner_.swap(other.owner_);
    }

    bool empty() const noexcept { return size_ == 0; }
    size_type size() const noexcept { return size_; }
    T* data() noexcept { return items_; }
    const T* data() const noexcept { return items_; }
    const std::shared_ptr<void>& owner() const noexcept { return owner_; }

    T& operator[](size_type i) noexcept { return items_[i]; }
    const T& operator[](size_type i) const noexcept { return items_[i]; }
    T& front() noexcept { return items_[0]; }
    const T& front() const noexcept { return items_[0]; }
    T& back() noexcept { return items_[size_ - 1]; }
    const T& back() const noexcept { return items_[size_ - 1]; }

    T* begin() noexcept { return items_; }
    T* end() noexcept { return items_ + size_; }
    const T* begin() const noexcept { return items_; }
    const T* end() const noexcept { return items_ + size_; }
    const T* cbegin() const noexcept { return items_; }
    const T* cend() const noexcept { return items_ + size_; }
    reverse_iterator rbegin() noexcept { return reverse_iterator(end()); }
    reverse_iterator rend() noexcept { return reverse_iterator(begin()); }
    const_reverse_iterator rbegin() const noexcept { return const_reverse_iterator(end()); }
    const_reverse_iterator rend() const noexcept { return const_reverse_iterator(begin()); }
    const_reverse_iterator crbegin() const noexcept { return rbegin(); }
    const_reverse_iterator crend() const noexcept { return rend(); }

    friend bool operator==(const SharedBuffer& a, const SharedBuffer& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end());
    }

  private:
    T* items_ = nullptr;
    size_type size_ = 0;
    std::shared_ptr<void> owner_;
};

}  // namespace jl::detail
