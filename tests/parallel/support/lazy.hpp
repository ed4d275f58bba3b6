// Ranges of tasks that are made one by one.
//
//     lazy(6, [](int i) { return delayed(root)(i); })      // of a length that nobody knows
//     up_to(6)                                             // 0, …, 5
#pragma once

#include <cstddef>
#include <iterator>
#include <numeric>
#include <type_traits>
#include <utility>
#include <vector>

namespace jl::test {

template <class F>
class Lazy {
  public:
    class iterator {
      public:
        using value_type = std::invoke_result_t<const F&, int>;
        using difference_type = std::ptrdiff_t;

        iterator() = default;
        explicit iterator(const Lazy& range) : range_(&range) {}
        value_type operator*() const { return range_->make_(at_); }
        iterator& operator++() { return ++at_, *this; }
        void operator++(int) { ++at_; }
        bool operator==(std::default_sentinel_t) const { return at_ == range_->count_; }

      private:
        const Lazy* range_ = nullptr;
        int at_ = 0;
    };

    Lazy(int count, F make) : count_(count), make_(std::move(make)) {}
    iterator begin() const { return iterator(*this); }
    std::default_sentinel_t end() const { return {}; }

  private:
    int count_;
    F make_;
};

template <class F>
Lazy<F> lazy(int count, F make) {
    return {count, std::move(make)};
}

inline std::vector<int> up_to(int count) {
    std::vector<int> numbers(static_cast<std::size_t>(count));
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
}

}  // namespace jl::test
