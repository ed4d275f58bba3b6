// A figure is a ratio: two ways of doing the same work, measured in turns in one run (A B A B ...), medians compared.
//
//     void raw_dump(benchmark::State& state) { paired(state, bytes, [] { by_hand(); }, [] { by_jl(); }); }
//     BENCHMARK(raw_dump)->Apply(pairs);
//
// Counters: "theirs" and "ours" in bytes/s, "ratio" = ours / theirs (above 1: ours is faster). The time column is ours.
#pragma once

#include <algorithm>
#include <benchmark/benchmark.h>
#include <chrono>
#include <cstddef>
#include <vector>

namespace jl::bench {

template <class Work>
double seconds(Work& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

inline double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

template <class Theirs, class Ours>
void paired(benchmark::State& state, std::size_t bytes, Theirs theirs, Ours ours) {
    std::vector<double> their_times;
    std::vector<double> our_times;
    for ([[maybe_unused]] auto _ : state) {
        their_times.push_back(seconds(theirs));
        our_times.push_back(seconds(ours));
        state.SetIterationTime(our_times.back());
    }
    const auto rate = [&](double time) { return benchmark::Counter(static_cast<double>(bytes) / time); };
    state.counters["theirs"] = rate(median(their_times));
    state.counters["ours"] = rate(median(our_times));
    state.counters["ratio"] = median(their_times) / median(our_times);
}

// Nine pairs; one would be chance.
inline void pairs(benchmark::internal::Benchmark* benchmark) {
    benchmark->Iterations(9)->UseManualTime()->Unit(benchmark::kMillisecond);
}

}  // namespace jl::bench
