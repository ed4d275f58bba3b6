// Rows from compressed files: what is read of the file is counted.
#include <cstring>
#include <fstream>
#include <gtest/gtest.h>
#include <numeric>
#include <sys/types.h>
#include <unistd.h>

#include <jl/jl.hpp>

#include "support/temp_dir.hpp"

namespace jl {
namespace {

using test::TempDir;

// Bytes that this process has asked the system to read so far; none where the system does not count.
std::optional<std::uint64_t> bytes_read() {
    std::ifstream counts("/proc/self/io");
    for (std::string name; counts >> name;) {
        std::uint64_t value = 0;
        counts >> value;
        if (name == "rchar:") return value;
    }
    return std::nullopt;
}

// 40 MB in rows of 4 KB that shrink to about the same size everywhere.
constexpr std::uint64_t rows = 10'000;
constexpr std::uint64_t columns = 1000;

std::vector<float> noisy() {
    std::vector<float> items(rows * columns);
    std::uint32_t noise = 1;
    for (std::size_t i = 0; i < items.size(); i += 4) {
        noise = noise * 1664525 + 1013904223;
        items[i] = static_cast<float>(noise >> 16);
    }
    return items;
}

class SlicesRead : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(, SlicesRead, testing::ValuesIn([] {
                             std::vector<std::string> names = compressors();
                             std::erase(names, "lzma");  // has no units
                             return names;
                         }()),
                         [](const auto& each) { return each.param; });

TEST_P(SlicesRead, OnlyTheUnitsThatHoldThem) {
    if (!bytes_read()) GTEST_SKIP() << "the system does not count what is read";
    const TempDir dir;
    const std::string path = dir / "x.pkl";
    const std::vector<float> items = noisy();
    const std::vector<std::uint64_t> shape{rows, columns};
    {
        Array<float> array(shape);
        std::memcpy(array.data(), items.data(), items.size() * sizeof(float));
        const std::map<std::string, Array<float>> named{{"noisy", array}};
        dump(named, path, {.compress = {GetParam(), 1}});
    }
    const std::uint64_t size = std::filesystem::file_size(path);
    const std::uint64_t before = *bytes_read();
    const File file(path);
    const std::uint64_t opened = *bytes_read();
    const Array<float> slice = file.slice<float>("noisy", 5000, 5010);
    const std::uint64_t sliced = *bytes_read();
    for (std::uint64_t i = 0; i < 10 * columns; ++i) ASSERT_EQ(slice.data()[i], items[5000 * columns + i]) << i;
    // Opening: directory and checksums, in the last units, and the blocks' table. The slice: the unit that holds it,
    // and what its chunk of 1 MiB, which the checksum is of, takes of the next ones.
    const std::uint64_t unit = GetParam() == "xz" ? 12 << 20 : GetParam() == "bz2" ? 3'600'000 : 1 << 20;
    const std::uint64_t unit_in_file = size / (items.size() * sizeof(float) / unit);
    EXPECT_LT(opened - before, 2 * unit_in_file + 100'000) << "of " << size;
    EXPECT_LE(sliced - opened, 3 * unit_in_file) << "of " << size;
    const Array<float> box = file.slice<float>("noisy", {{7000, 7010}, {500, 600}});
    const std::uint64_t boxed = *bytes_read();
    for (std::uint64_t i = 0; i < 10; ++i)
        for (std::uint64_t j = 0; j < 100; ++j) ASSERT_EQ(box(i, j), items[(7000 + i) * columns + 500 + j]);
    EXPECT_LE(boxed - sliced, 3 * unit_in_file) << "of " << size;
}

}  // namespace
}  // namespace jl
