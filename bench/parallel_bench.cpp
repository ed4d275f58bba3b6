// jl::Parallel on threads beside what else runs loops on threads: oneTBB itself, OpenMP, std::async. Nanoseconds a task
// for tasks that do nothing, microseconds for a call of two tasks, for calls inside of calls, and how evenly unequal
// tasks fill the cores. The same in worker processes and in forked children, and what an array of 100 MB costs on its
// way there and back. compare/parallel.py sets these beside joblib.
#include <algorithm>
#include <atomic>
#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdint>
#include <future>
#include <numeric>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>
#include <vector>

#include <jl/init.hpp>
#include <jl/jl.hpp>

namespace {

namespace tbb = oneapi::tbb;

constexpr int jobs = 2;
constexpr int many = 300'000;
constexpr int width = 20;  // of calls inside of calls

std::atomic<std::uint64_t> sum{0};
void add(int i) { sum.fetch_add(static_cast<std::uint64_t>(i), std::memory_order_relaxed); }

void work_for(std::chrono::microseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
    }
}

// A way to run function(0) … function(n - 1).
struct OfJl {
    template <class F>
    static void run(int n, F function) {
        std::vector<int> items(static_cast<std::size_t>(n));
        std::iota(items.begin(), items.end(), 0);
        jl::Parallel{{.n_jobs = jobs, .backend = "threading"}}.map(items, function);
    }
};

struct OfJlOneTaskABatch {
    template <class F>
    static void run(int n, F function) {
        std::vector<int> items(static_cast<std::size_t>(n));
        std::iota(items.begin(), items.end(), 0);
        jl::Parallel{{.n_jobs = jobs, .backend = "threading", .batch_size = 1}}.map(items, function);
    }
};

// Lambdas with captures do not leave the process: function is not looked at.
struct OfJlProcesses {
    template <class F>
    static void run(int n, F) {
        std::vector<int> items(static_cast<std::size_t>(n));
        std::iota(items.begin(), items.end(), 0);
        jl::Parallel{{.n_jobs = jobs, .backend = "multiprocessing"}}.map(items, add);
    }
};

// oneTBB's threads are there by now, and hold no lock that these tasks need.
constexpr const char* forks = "fork:?allow_threads=1";

struct OfJlForks {
    template <class F>
    static void run(int n, F function) {
        std::vector<int> items(static_cast<std::size_t>(n));
        std::iota(items.begin(), items.end(), 0);
        jl::Parallel{{.n_jobs = jobs, .backend = forks}}.map(items, function);
    }
};

struct OfTbbLoop {
    template <class F>
    static void run(int n, F function) {
        tbb::parallel_for(
            tbb::blocked_range<int>(0, n, 1),
            [&](const tbb::blocked_range<int>& r) {
                for (int i = r.begin(); i < r.end(); ++i) function(i);
            },
            tbb::simple_partitioner());
    }
};

struct OfTbbGroup {
    template <class F>
    static void run(int n, F function) {
        tbb::task_group group;
        for (int i = 0; i < n; ++i) group.run([=] { function(i); });
        group.wait();
    }
};

struct OfAsync {
    template <class F>
    static void run(int n, F function) {
        std::vector<std::future<void>> futures;
        for (int i = 0; i < n; ++i) futures.push_back(std::async(std::launch::async, [=] { function(i); }));
        for (auto& future : futures) future.get();
    }
};

#ifdef _OPENMP
struct OfOpenMp {
    template <class F>
    static void run(int n, F function) {
#pragma omp parallel for schedule(dynamic, 1) num_threads(jobs)
        for (int i = 0; i < n; ++i) function(i);
    }
};
#endif

template <class Way>
void bulk(benchmark::State& state) {
    const int n = static_cast<int>(state.range(0));
    for (auto _ : state) Way::run(n, add);
    state.SetItemsProcessed(state.iterations() * n);
}
BENCHMARK(bulk<OfJl>)->Arg(many)->UseRealTime();
BENCHMARK(bulk<OfJlProcesses>)->Arg(many)->UseRealTime();
BENCHMARK(bulk<OfJlForks>)->Arg(many)->UseRealTime();
BENCHMARK(bulk<OfJlOneTaskABatch>)->Arg(many)->UseRealTime();
BENCHMARK(bulk<OfTbbLoop>)->Arg(many)->UseRealTime();
BENCHMARK(bulk<OfTbbGroup>)->Arg(many)->UseRealTime();
BENCHMARK(bulk<OfAsync>)->Arg(2'000)->UseRealTime();

template <class Way>
void lone(benchmark::State& state) {
    for (auto _ : state) Way::run(jobs, add);
}
BENCHMARK(lone<OfJl>)->UseRealTime();
BENCHMARK(lone<OfJlProcesses>)->UseRealTime();
BENCHMARK(lone<OfJlForks>)->UseRealTime();
BENCHMARK(lone<OfTbbLoop>)->UseRealTime();
BENCHMARK(lone<OfTbbGroup>)->UseRealTime();
BENCHMARK(lone<OfAsync>)->UseRealTime();

// 100 MB for each of two tasks in worker processes, of which every page is looked at, and as a result of one.
constexpr std::uint64_t big_items = 12'500'000;

double sum_of(const jl::Array<double>& array) {
    double total = 0;
    for (std::size_t i = 0; i < array.size(); i += 512) total += array.data()[i];
    return total;
}
jl::Array<double> array_of(double value) {
    jl::Array<double> array({big_items});
    std::fill(array.begin(), array.end(), value);
    return array;
}

// Arg: 2 in forked children, in workers 1 by a map, 0 through the socket.
jl::Parallel parallel_for(const benchmark::State& state) {
    return jl::Parallel({.n_jobs = jobs,
                         .backend = state.range(0) == 2 ? forks : "multiprocessing",
                         .max_nbytes = state.range(0) > 0 ? jl::MaxNbytes() : std::nullopt});
}

void big_argument(benchmark::State& state) {
    const std::vector tasks(jobs, jl::delayed(sum_of)(array_of(1)));
    const jl::Parallel parallel = parallel_for(state);
    for (auto _ : state) benchmark::DoNotOptimize(parallel(tasks));
}
BENCHMARK(big_argument)->Arg(2)->Arg(1)->Arg(0)->UseRealTime();

void big_result(benchmark::State& state) {
    const std::vector<double> values(jobs, 1);
    const jl::Parallel parallel = parallel_for(state);
    for (auto _ : state) benchmark::DoNotOptimize(parallel.map(values, array_of));
}
BENCHMARK(big_result)->Arg(2)->Arg(1)->Arg(0)->UseRealTime();

template <class Way>
void nested(benchmark::State& state) {
    for (auto _ : state) Way::run(width, [](int) { Way::run(width, [](int) { Way::run(width, add); }); });
    state.SetItemsProcessed(state.iterations() * width * width * width);
}
BENCHMARK(nested<OfJl>)->UseRealTime();
BENCHMARK(nested<OfTbbLoop>)->UseRealTime();
BENCHMARK(nested<OfTbbGroup>)->UseRealTime();

// 64 tasks, one of eight takes eight times as long; "filled": the share of both cores' time that was work.
template <class Way>
void unbalanced(benchmark::State& state) {
    using std::chrono::microseconds;
    constexpr int n = 64;
    const auto length = [](int i) { return microseconds(i % 8 == 7 ? 1'600 : 200); };
    double total = 0;
    for (int i = 0; i < n; ++i) total += std::chrono::duration<double>(length(i)).count();
    double taken = 0;
    for (auto _ : state) {
        const auto begin = std::chrono::steady_clock::now();
        Way::run(n, [=](int i) { work_for(length(i)); });
        const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
        state.SetIterationTime(time.count());
        taken += time.count();
    }
    state.counters["filled"] = total * static_cast<double>(state.iterations()) / jobs / taken;
}
BENCHMARK(unbalanced<OfJl>)->UseManualTime();
BENCHMARK(unbalanced<OfTbbLoop>)->UseManualTime();
BENCHMARK(unbalanced<OfTbbGroup>)->UseManualTime();
BENCHMARK(unbalanced<OfAsync>)->UseManualTime();

#ifdef _OPENMP
BENCHMARK(bulk<OfOpenMp>)->Arg(many)->UseRealTime();
BENCHMARK(lone<OfOpenMp>)->UseRealTime();
BENCHMARK(unbalanced<OfOpenMp>)->UseManualTime();
#endif

}  // namespace

int main(int argc, char** argv) {
    jl::init(argc, argv);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}
