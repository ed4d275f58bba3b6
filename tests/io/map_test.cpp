#include "io/map.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string>

#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl {
namespace {

using test::error_of;

std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(Map, ShowsTheFile) {
    const test::TempDir dir;
    test::write_file(dir / "x", "0123456789");
    const auto map = Map::open(FileSource(dir / "x"), MapMode::read_only);
    EXPECT_EQ(text_of(map->view()), "0123456789");
    EXPECT_EQ(map->size(), 10U);
    std::array<std::byte, 3> into{};
    map->read_at(7, into);
    EXPECT_EQ(text_of(into), "789");
}

TEST(Map, EndsWhereTheFileEnds) {
    const test::TempDir dir;
    test::write_file(dir / "x", "0123456789");
    const auto map = Map::open(FileSource(dir / "x"), MapMode::read_only);
    std::array<std::byte, 4> into{};
    EXPECT_EQ(error_of([&] { map->read_at(7, into); }).code(), ErrorCode::truncated);
}

TEST(Map, OfAnEmptyFileIsEmpty) {
    const test::TempDir dir;
    test::write_file(dir / "x", "");
    for (const MapMode mode : {MapMode::read_only, MapMode::copy_on_write}) {
        const auto map = Map::open(FileSource(dir / "x"), mode);
        EXPECT_TRUE(map->bytes().empty());
        map->sync();
    }
}

TEST(Map, WritesThroughToTheFile) {
    const test::TempDir dir;
    test::write_file(dir / "x", "0123456789");
    const auto map = Map::open(FileSource(dir / "x", FileAccess::read_write), MapMode::read_write);
    map->bytes()[4] = std::byte{'x'};
    map->sync();
    EXPECT_EQ(test::read_file(dir / "x"), "0123x56789");
}

TEST(Map, CopiedOnWriteLeavesTheFileAlone) {
    const test::TempDir dir;
    test::write_file(dir / "x", "0123456789");
    const auto map = Map::open(FileSource(dir / "x"), MapMode::copy_on_write);
    map->bytes()[4] = std::byte{'x'};
    map->sync();
    EXPECT_EQ(text_of(map->bytes()), "0123x56789");
    EXPECT_EQ(test::read_file(dir / "x"), "0123456789");
}

TEST(Map, IsNotWritableThroughAFileOpenedForReading) {
    const test::TempDir dir;
    test::write_file(dir / "x", "0123456789");
    const Error error = error_of([&] { Map::open(FileSource(dir / "x"), MapMode::read_write); });
    EXPECT_EQ(error.what(), dir / "x" + ": cannot map: Permission denied");
}

TEST(Map, OutlivesItsFileAndItsName) {
    const test::TempDir dir;
    test::write_file(dir / "x", "0123456789");
    const auto map = Map::open(FileSource(dir / "x"), MapMode::read_only);
    std::filesystem::remove(dir / "x");
    EXPECT_EQ(text_of(map->view()), "0123456789");
}

TEST(Map, TellsWhereItsBytesStandInAFileThatHasAName) {
    const test::TempDir dir;
    test::write_file(dir / "x", "0123456789");
    const auto named = Map::open(FileSource(dir / "x"), MapMode::read_only);
    const auto origin = Map::origin_of(named->view().subspan(3, 2));
    ASSERT_TRUE(origin);
    EXPECT_EQ(origin->offset, 3U);
    // The name of a file that came open is for messages.
    Descriptor open(::open((dir / "x").c_str(), O_RDONLY | O_CLOEXEC));
    const auto unnamed = Map::open(FileSource(dir / "x", std::move(open)), MapMode::read_only);
    EXPECT_FALSE(Map::origin_of(unnamed->view().subspan(3, 2)));
}

TEST(Map, IsBiggerThanMemoryWithoutTakingAny) {
    const test::TempDir dir;
    test::write_file(dir / "x", "begin");
    constexpr std::uint64_t size = std::uint64_t{1} << 40;
    std::filesystem::resize_file(dir / "x", size);
    const auto map = Map::open(FileSource(dir / "x"), MapMode::copy_on_write);
    EXPECT_EQ(map->size(), size);
    map->bytes()[size - 1] = std::byte{1};
    EXPECT_EQ(text_of(map->view().first(5)), "begin");
}

}  // namespace
}  // namespace jl
