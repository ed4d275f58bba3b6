// A value and what is loaded from its file have one key, wherever the arrays still are.
#if defined(JL_HAS_XXHASH)

#include <array>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include <jl/jl.hpp>

#include "hash/support/key.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

struct Cell {
    std::array<double, 2> at;
    std::int32_t kind;
};

struct Sample {
    Array<float> rows;
    Array<double> columns;
    std::vector<Cell> cells;  // items of 24 bytes, of which 20 count: no chunk of the file is one of the key
};

Sample sample() {
    Sample made{Array<float>({500, 1'200}), Array<double>({300, 700}, 'F'), std::vector<Cell>(100'000)};
    for (std::size_t i = 0; i < made.rows.size(); ++i) made.rows.data()[i] = static_cast<float>(i % 1000);
    for (std::size_t i = 0; i < made.columns.size(); ++i) made.columns.data()[i] = static_cast<double>(i) * 0.5;
    for (std::size_t i = 0; i < made.cells.size(); ++i)
        made.cells[i] = {{static_cast<double>(i), 0.25}, static_cast<std::int32_t>(i)};
    return made;
}

TEST(HashOfLoadedValues, IsThatOfTheValueInEveryFile) {
    const TempDir dir;
    const Sample value = sample();
    const std::string expected = key(value);
    EXPECT_EQ(key(Value(value)), expected);
    for (const char* const name : {"x.pkl", "x.pkl.gz"}) {
        dump(value, dir / name);
        EXPECT_EQ(key(load(dir / name)), expected) << name;
        EXPECT_EQ(key(load<Sample>(dir / name)), expected) << name;
    }
    EXPECT_EQ(key(load(dir / "x.pkl", {.mmap_mode = MmapMode::r})), expected);
}

TEST(HashOfLoadedValues, IsThatOfTheValueWhileItsArraysAreStillInTheFile) {
    const TempDir dir;
    const Sample value = sample();
    dump(value, dir / "x.pkl", {.compress = {"gzip", 1}, .shuffle = true});
    const LoadOptions options{.mmap_mode = MmapMode::r, .mmap_fallback = Fallback::on_demand};
    EXPECT_EQ(key(load(dir / "x.pkl", options)), key(value));
#if defined(JL_HAS_BLOSC)
    dump(value, dir / "y.pkl", {.compress = "blosc"});
    EXPECT_EQ(key(load(dir / "y.pkl", options)), key(value));
#endif
}

}  // namespace
}  // namespace jl::test

#endif
