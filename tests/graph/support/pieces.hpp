// Takes the items of an array event in pieces of a given size, as a writer of files does.
//
//     const std::vector<double> items = items_in_pieces<double>(xt::sin(a), 100);
#pragma once

#include <algorithm>
#include <cstddef>
#include <gtest/gtest.h>
#include <memory>
#include <span>
#include <string_view>
#include <typeinfo>
#include <vector>

#include <jl/mapping.hpp>

namespace jl::test {

template <class T>
class PieceTaker final : public Emitter {
  public:
    explicit PieceTaker(std::size_t items_a_piece) : step_(items_a_piece) {}
    const std::vector<T>& items() const { return items_; }

    void array(const ArrayEvent& event) override {
        ASSERT_TRUE(event.fill) << "the array is handed out as a whole";
        std::size_t count = 1;
        for (const std::uint64_t n : event.shape) count *= static_cast<std::size_t>(n);
        items_.resize(count);
        for (std::size_t at = 0; at < count; at += step_) {
            const std::span<T> piece = std::span(items_).subspan(at, std::min(step_, count - at));
            event.fill(at, std::as_writable_bytes(piece));
        }
    }

    void none() override {}
    void boolean(bool) override {}
    void integer(std::int64_t) override {}
    void unsigned_integer(std::uint64_t) override {}
    void big_integer(std::span<const std::byte>) override {}
    void real(double) override {}
    void complex(double, double) override {}
    void text(std::string_view) override {}
    void bytes(std::span<const std::byte>) override {}
    void scalar(const DType&, std::span<const std::byte>) override {}
    void begin(Container, std::uint64_t) override {}
    void end() override {}
    void begin_object(std::string_view, std::uint64_t) override {}
    void begin_slotted(std::string_view, std::uint64_t) override {}
    void attribute(std::string_view) override {}
    void end_object() override {}
    void bytearray(std::span<const std::byte>) override {}
    void class_ref(std::string_view, std::string_view) override {}
    void dtype(const DType&) override {}
    void begin_call(Call) override {}
    void called() override {}
    void begin_extend(Container, std::uint64_t) override {}
    void plain_path() override {}
    void begin_state() override {}
    void end_state() override {}
    void end_call() override {}
    bool share(const void*, const std::type_info&, std::shared_ptr<const void>) override { return false; }

  private:
    std::size_t step_;
    std::vector<T> items_;
};

template <class T, class Array>
std::vector<T> items_in_pieces(const Array& array, std::size_t items_a_piece) {
    PieceTaker<T> taker(items_a_piece);
    jl::emit(taker, array);
    return taker.items();
}

}  // namespace jl::test
