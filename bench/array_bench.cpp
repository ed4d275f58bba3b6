// Element work on the way between files and arrays: transposition, byte order, exact conversion, each against a plain
// copy of the same bytes or against the loop that one would write.
#include <benchmark/benchmark.h>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include <jl/buffer.hpp>

#include "array/layout.hpp"
#include "support/paired.hpp"

namespace jl::bench {
namespace {

constexpr std::size_t side = 4000;
constexpr std::size_t chunk = std::size_t{1} << 20;

template <class T>
std::vector<T> counting(std::size_t count) {
    std::vector<T> numbers(count);
    for (std::size_t i = 0; i < count; ++i) numbers[i] = static_cast<T>(i % 100);
    return numbers;
}

// A file's row-major items into column-major memory, in chunks as they come from a codec.
template <class T>
void transpose_against_loop(benchmark::State& state) {
    const auto items = counting<T>(side * side);
    std::vector<T> array(items.size());
    const Shape shape{side, side};
    const std::vector<std::ptrdiff_t> strides{1, static_cast<std::ptrdiff_t>(side)};
    const auto bytes = std::as_bytes(std::span(items));
    auto* const to = reinterpret_cast<std::byte*>(array.data());
    paired(
        state, bytes.size(),
        [&] {
            for (std::size_t i = 0; i < side; ++i) {
                for (std::size_t j = 0; j < side; ++j) array[j * side + i] = items[i * side + j];
            }
            benchmark::ClobberMemory();
        },
        [&] {
            for (std::size_t at = 0; at < bytes.size(); at += chunk) {
                const std::size_t count = std::min(chunk, bytes.size() - at);
                scatter(bytes.subspan(at, count), at / sizeof(T), 'C', shape, to, strides, sizeof(T));
            }
            benchmark::ClobberMemory();
        });
}
BENCHMARK(transpose_against_loop<std::uint8_t>)->Apply(pairs);
BENCHMARK(transpose_against_loop<float>)->Apply(pairs);
BENCHMARK(transpose_against_loop<double>)->Apply(pairs);

template <class T>
void transpose_whole_against_copy(benchmark::State& state) {
    const auto items = counting<T>(side * side);
    std::vector<T> array(items.size());
    const std::vector<std::ptrdiff_t> strides{1, static_cast<std::ptrdiff_t>(side)};
    const auto bytes = std::as_bytes(std::span(items));
    auto* const to = reinterpret_cast<std::byte*>(array.data());
    paired(
        state, bytes.size(),
        [&] {
            std::memcpy(to, bytes.data(), bytes.size());
            benchmark::ClobberMemory();
        },
        [&] {
            scatter(bytes, 0, 'C', Shape{side, side}, to, strides, sizeof(T));
            benchmark::ClobberMemory();
        });
}
BENCHMARK(transpose_whole_against_copy<std::uint8_t>)->Apply(pairs);
BENCHMARK(transpose_whole_against_copy<float>)->Apply(pairs);
BENCHMARK(transpose_whole_against_copy<double>)->Apply(pairs);

// Every second column of a matrix, out of memory.
void strided_gather_against_loop(benchmark::State& state) {
    const auto array = counting<double>(side * side);
    std::vector<double> items(side * side / 2);
    const std::vector<std::ptrdiff_t> strides{static_cast<std::ptrdiff_t>(side), 2};
    paired(
        state, items.size() * 8,
        [&] {
            for (std::size_t i = 0; i < side; ++i) {
                for (std::size_t j = 0; j < side / 2; ++j) items[i * (side / 2) + j] = array[i * side + 2 * j];
            }
            benchmark::ClobberMemory();
        },
        [&] {
            gather(std::as_writable_bytes(std::span(items)), 0, 'C', Shape{side, side / 2},
                   reinterpret_cast<const std::byte*>(array.data()), strides, 8);
            benchmark::ClobberMemory();
        });
}
BENCHMARK(strided_gather_against_loop)->Apply(pairs);

void scatter_of_a_contiguous_array_against_copy(benchmark::State& state) {
    const auto items = counting<double>(100);
    std::vector<double> array(100);
    const std::vector<std::ptrdiff_t> strides{10, 1};
    const Shape shape{10, 10};
    constexpr int count = 100'000;
    paired(
        state, count * 800,
        [&] {
            for (int i = 0; i < count; ++i) {
                std::memcpy(array.data(), items.data(), 800);
                benchmark::ClobberMemory();
            }
        },
        [&] {
            for (int i = 0; i < count; ++i) {
                scatter(std::as_bytes(std::span(items)), 0, 'C', shape, reinterpret_cast<std::byte*>(array.data()),
                        strides, 8);
                benchmark::ClobberMemory();
            }
        });
}
BENCHMARK(scatter_of_a_contiguous_array_against_copy)->Apply(pairs);

void make_native_against_copy(benchmark::State& state) {
    auto numbers = counting<double>(side * side);
    std::vector<double> copy(numbers.size());
    const DType dtype = DType::of<double>().with_order(true);
    paired(
        state, numbers.size() * 8,
        [&] {
            std::memcpy(copy.data(), numbers.data(), numbers.size() * 8);
            benchmark::ClobberMemory();
        },
        [&] { make_native(std::as_writable_bytes(std::span(numbers)), dtype); });
}
BENCHMARK(make_native_against_copy)->Apply(pairs);

// Ours also proves that nothing was lost.
template <class From, class To>
void convert_against_loop(benchmark::State& state) {
    const auto from = counting<From>(side * side);
    std::vector<To> to(from.size());
    paired(
        state, from.size() * sizeof(From),
        [&] {
            for (std::size_t i = 0; i < from.size(); ++i) to[i] = static_cast<To>(from[i]);
            benchmark::ClobberMemory();
        },
        [&] {
            benchmark::DoNotOptimize(convert_exact(std::as_bytes(std::span(from)), DType::of<From>(),
                                                   std::as_writable_bytes(std::span(to)), DType::of<To>()));
        });
}
BENCHMARK(convert_against_loop<float, double>)->Apply(pairs);
BENCHMARK(convert_against_loop<double, float>)->Apply(pairs);
BENCHMARK(convert_against_loop<std::int32_t, double>)->Apply(pairs);
BENCHMARK(convert_against_loop<double, std::int32_t>)->Apply(pairs);
BENCHMARK(convert_against_loop<std::int64_t, std::int32_t>)->Apply(pairs);
BENCHMARK(convert_against_loop<std::uint8_t, float>)->Apply(pairs);
BENCHMARK(convert_against_loop<std::int64_t, double>)->Apply(pairs);

}  // namespace
}  // namespace jl::bench
