// jl::hash by size and kind of value, and what long arrays are measured against: XXH3 and md5 of the same bytes, in
// turns. compare/hashes.py sets it beside joblib.
#include <benchmark/benchmark.h>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include <jl/jl.hpp>

#include "hash/key.hpp"
#include "hash/xxh3.hpp"
#include "support/paired.hpp"

namespace {

using jl::bench::paired;
using jl::bench::pairs;

constexpr std::size_t big = 32'000'000;  // doubles: 256 MB

template <class T>
void hash_of(benchmark::State& state, const T& value) {
    for (auto _ : state) benchmark::DoNotOptimize(jl::hash(value));
}

void ints(benchmark::State& state) { hash_of(state, std::tuple(1, 2, 3)); }
BENCHMARK(ints);

void array(benchmark::State& state) {
    hash_of(state, std::vector<double>(static_cast<std::size_t>(state.range(0)), 0.5));
    state.SetBytesProcessed(state.iterations() * state.range(0) * 8);
}
BENCHMARK(array)->RangeMultiplier(10)->Range(1, 10'000'000)->UseRealTime();

void texts(benchmark::State& state) {
    hash_of(state, std::vector<std::string>(static_cast<std::size_t>(state.range(0)), "a text"));
}
BENCHMARK(texts)->Arg(10)->Arg(100'000);

void dict(benchmark::State& state) {
    std::map<std::string, double> value;
    for (std::int64_t i = 0; i < state.range(0); ++i) value["key" + std::to_string(i)] = 0.5;
    hash_of(state, value);
}
BENCHMARK(dict)->Arg(10)->Arg(100'000);

void shared(benchmark::State& state) {
    std::vector<std::shared_ptr<std::vector<std::string>>> value;
    for (std::int64_t i = 0; i < state.range(0); ++i)
        value.push_back(std::make_shared<std::vector<std::string>>(2, "a text"));
    hash_of(state, value);
}
BENCHMARK(shared)->Arg(10)->Arg(100'000);

void against_xxh3(benchmark::State& state) {
    const std::vector<double> data(big, 0.5);
    paired(
        state, big * 8, [&] { benchmark::DoNotOptimize(jl::detail::xxh3(std::as_bytes(std::span(data)))); },
        [&] { benchmark::DoNotOptimize(jl::hash(data)); });
}
BENCHMARK(against_xxh3)->Apply(pairs);

void against_md5(benchmark::State& state) {
    const std::vector<double> data(big, 0.5);
    paired(
        state, big * 8, [&] { benchmark::DoNotOptimize(jl::detail::key_of(std::as_bytes(std::span(data)), "md5")); },
        [&] { benchmark::DoNotOptimize(jl::hash(data)); });
}
BENCHMARK(against_md5)->Apply(pairs);

void fortran_order(benchmark::State& state) {
    const jl::Array<double> rows({4'000, 8'000}, 'C');
    const jl::Array<double> columns({4'000, 8'000}, 'F');
    std::fill(rows.begin(), rows.end(), 0.5);
    std::fill(columns.begin(), columns.end(), 0.5);
    paired(
        state, big * 8, [&] { benchmark::DoNotOptimize(jl::hash(rows)); },
        [&] { benchmark::DoNotOptimize(jl::hash(columns)); });
}
BENCHMARK(fortran_order)->Apply(pairs);

}  // namespace
