// 256 MB of float into one file: as one dump, row after row, and through a map that is filled. Rows are meant to cost
// no more than the dump of the whole: on a busy machine they took 1.1 to 2.2 times its CPU time.
#include <benchmark/benchmark.h>
#include <filesystem>
#include <map>

#include <jl/jl.hpp>

namespace {

constexpr std::uint64_t rows = 125'000, columns = 512;
constexpr std::int64_t bytes = rows * columns * sizeof(float);

std::string file() { return (std::filesystem::temp_directory_path() / "jl_rows_bench.pkl").string(); }

const jl::Array<float>& data() {
    static const jl::Array<float> array = [] {
        jl::Array<float> items({rows, columns});
        for (std::size_t i = 0; i < items.size(); ++i) items.data()[i] = static_cast<float>(i % 10'007);
        return items;
    }();
    return array;
}

void dump(benchmark::State& state) {
    const std::map<std::string, jl::Array<float>> value{{"x", data()}};
    for (auto _ : state) jl::dump(value, file());
    state.SetBytesProcessed(state.iterations() * bytes);
    std::filesystem::remove(file());
}
BENCHMARK(dump)->UseRealTime();

void writer(benchmark::State& state) {
    const auto at_once = static_cast<std::uint64_t>(state.range(0));
    const jl::Array<float>& all = data();  // made before time runs
    for (auto _ : state) {
        jl::Writer out(file());
        jl::RowWriter x = out.array<float>("x", {rows, columns});
        for (std::uint64_t row = 0; row < rows; row += at_once)
            x.append(std::span<const float>(all.data() + row * columns, at_once * columns));
        out.close();
    }
    state.SetBytesProcessed(state.iterations() * bytes);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows));
    std::filesystem::remove(file());
}
BENCHMARK(writer)->Arg(1)->Arg(100)->Arg(5'000)->Arg(125'000)->UseRealTime();

void create_mapped(benchmark::State& state) {
    const jl::Array<float>& all = data();
    for (auto _ : state) {
        auto x = jl::create_mapped<float>(file(), {rows, columns}, {.name = "x"});
        std::copy(all.begin(), all.end(), x.begin());
    }
    state.SetBytesProcessed(state.iterations() * bytes);
    std::filesystem::remove(file());
}
BENCHMARK(create_mapped)->UseRealTime();

}  // namespace
