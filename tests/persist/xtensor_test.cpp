#include <cstdint>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>
#include <xtensor/xarray.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xstrided_view.hpp>
#include <xtensor/xview.hpp>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl {
namespace {

using test::error_of;
using test::TempDir;
constexpr auto column_major = xt::layout_type::column_major;

// Larger than several pieces of 1 MiB, with rows that no piece ends at.
const std::vector<std::size_t> large{613, 701};

xt::xarray<double> counted(const std::vector<std::size_t>& shape) {
    std::size_t count = 1;
    for (const std::size_t n : shape) count *= n;
    return xt::arange<double>(static_cast<double>(count)).reshape(shape);
}

class XtensorFile : public testing::TestWithParam<const char*> {
  protected:
    std::string path(const std::string& stem = "x") const { return dir_ / (stem + ".pkl" + GetParam()); }

    TempDir dir_;
};

TEST_P(XtensorFile, ArraysComeBackIntoEveryContainer) {
    const auto rows = counted(large);
    const xt::xarray<double, column_major> columns = rows;
    dump(rows, path("rows")), dump(columns, path("columns"));
    for (const std::string& file : {path("rows"), path("columns")}) {
        EXPECT_EQ(load<xt::xarray<double>>(file), rows);
        EXPECT_EQ((load<xt::xarray<double, column_major>>(file)), rows);
        EXPECT_EQ((load<xt::xtensor<double, 2>>(file)), rows);
        EXPECT_EQ(load<xarray<double>>(file), rows);
        EXPECT_EQ((load<xtensor<double, 2>>(file)), rows);
        EXPECT_EQ(load<xt::xarray<float>>(file), rows);
        EXPECT_EQ(load(file).as<xt::xarray<double>>(), rows);
    }
}

TEST_P(XtensorFile, LayoutsAndTypesThatDoNotFitAreRefused) {
    dump(std::map<std::string, xt::xarray<double>>{{"a", counted(large) + 0.5}}, path());
    using Integers = std::map<std::string, xt::xarray<int>>;
    const Error range = error_of([&] { load<Integers>(path()); });
    EXPECT_EQ(range.code(), ErrorCode::range);
    EXPECT_EQ(range.path(), "/a");
    EXPECT_EQ(range.file(), path());
    using Cubes = std::map<std::string, xt::xtensor<double, 3>>;
    EXPECT_EQ(error_of([&] { load<Cubes>(path()); }).code(), ErrorCode::type);
}

TEST_P(XtensorFile, ExpressionsAreWrittenInPieces) {
    const auto a = counted(large);
    dump(a * 2.0 + 1.0, path("linear"));
    EXPECT_EQ(load<xt::xarray<double>>(path("linear")), xt::xarray<double>(a * 2.0 + 1.0));
    dump(a + xt::view(a, 3), path("broadcast"));
    EXPECT_EQ(load<xt::xarray<double>>(path("broadcast")), xt::xarray<double>(a + xt::view(a, 3)));
    dump(xt::flip(a, 1), path("view"));
    EXPECT_EQ(load<xt::xarray<double>>(path("view")), xt::xarray<double>(xt::flip(a, 1)));
    dump(xt::view(a, xt::range(1, 600, 3), xt::range(2, 700)), path("steps"));
    EXPECT_EQ(load<xt::xarray<double>>(path("steps")),
              xt::xarray<double>(xt::view(a, xt::range(1, 600, 3), xt::range(2, 700))));
}

TEST_P(XtensorFile, AnExpressionAndItsValueAreTheSameBytes) {
    const auto a = counted(large);
    dump(a * 2.0, path("lazy")), dump(xt::xarray<double>(a * 2.0), path("whole"));
    EXPECT_EQ(test::read_file(path("lazy")), test::read_file(path("whole")));
    dump(a * 3.0, path("other"));
    EXPECT_NE(test::read_file(path("other")), test::read_file(path("whole")));
}

TEST_P(XtensorFile, SharedArraysAreStoredOnceAndSharedAgain) {
    using Pointer = std::shared_ptr<xt::xarray<double>>;
    const auto array = std::make_shared<xt::xarray<double>>(counted(large));
    dump(std::vector<Pointer>{array, array}, path());
    const auto back = load<std::vector<Pointer>>(path());
    EXPECT_EQ(back[0], back[1]);
    EXPECT_EQ(*back[0], *array);
    const auto copies = load<std::vector<xt::xarray<double>>>(path());
    EXPECT_EQ(copies[0], *array);
    EXPECT_EQ(copies[1], *array);
}

INSTANTIATE_TEST_SUITE_P(Codecs, XtensorFile, testing::Values("", ".gz", ".z"));

// ---- maps -----------------------------------------------------------------------------------------------------------

class XtensorMap : public testing::Test {
  protected:
    using Arrays = std::map<std::string, xarray<double>>;
    XtensorMap() {
        dump(std::map<std::string, xt::xarray<double>>{{"a", counted(large)}, {"b", counted({3, 4})}}, path_);
    }

    TempDir dir_;
    const std::string path_ = dir_ / "x.pkl";
};

TEST_F(XtensorMap, ItemsComeFromTheMapAndOutliveEverythingElse) {
    auto view = load<Arrays>(path_, {.mmap_mode = MmapMode::r});
    EXPECT_EQ(view["a"], counted(large));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(view["a"].data()) % 64, 0U);
    const xarray<double> kept = std::move(view["b"]);
    view.clear();
    std::filesystem::remove(path_);
    EXPECT_EQ(kept(2, 3), 11);
}

TEST_F(XtensorMap, PrivateChangesStayOutOfTheFile) {
    auto view = load<Arrays>(path_, {.mmap_mode = MmapMode::c});
    view["b"](0, 0) = 99;
    EXPECT_EQ(view["b"](0, 0), 99);
    EXPECT_EQ(load<Arrays>(path_)["b"](0, 0), 0);
}

TEST_F(XtensorMap, SharedChangesReachTheFileAndVerify) {
    {
        auto view = load<Arrays>(path_, {.mmap_mode = MmapMode::r_plus});
        view["b"](0, 0) = 99;
        xt::noalias(view["a"]) = view["a"] * 2.0;
    }
    const auto back = load<Arrays>(path_);
    EXPECT_EQ(back.at("b")(0, 0), 99);
    EXPECT_EQ(back.at("a"), counted(large) * 2.0);
    EXPECT_TRUE(verify(path_).ok());
}

TEST_F(XtensorMap, ContainersWithStorageOfTheirOwnAreCopiedOutOfTheMap) {
    const auto copied = load<std::map<std::string, xt::xarray<double>>>(path_, {.mmap_mode = MmapMode::r_plus});
    auto changed = copied.at("b");
    changed(0, 0) = 99;
    EXPECT_EQ(load<Arrays>(path_)["b"](0, 0), 0);
}

TEST_F(XtensorMap, ArraysOfAFileAreXarraysWithoutACopy) {
    const File file(path_);
    const Array<double> array = file.array<double>("a");
    const xarray<double> rand = as_xarray(array);
    EXPECT_EQ(rand.data(), array.data());
    EXPECT_EQ(rand, counted(large));
    EXPECT_EQ(as_xarray(file.slice<double>("a", 10, 12)), xt::view(counted(large), xt::range(10, 12)));
    EXPECT_EQ(error_of([&] { file.array<float>("a"); }).code(), ErrorCode::type);
}

TEST_F(XtensorMap, ConversionOfAMappedArrayHasMemoryOfItsOwn) {
    using Floats = std::map<std::string, xarray<float>>;
    EXPECT_EQ(load<Floats>(path_, {.mmap_mode = MmapMode::r})["b"](2, 3), 11.0F);
    EXPECT_EQ(error_of([&] { load<Floats>(path_, {.mmap_mode = MmapMode::r_plus}); }).code(), ErrorCode::unsupported);
}

TEST(XtensorStream, SeveralArraysFollowEachOther) {
    std::stringstream stream;
    dump(counted({3, 4}), stream), dump(counted(large) * 2.0, stream);
    EXPECT_EQ(load<xt::xarray<double>>(stream), counted({3, 4}));
    EXPECT_EQ((load<xt::xtensor<double, 2>>(stream)), counted(large) * 2.0);
    EXPECT_EQ(error_of([&] { load<xt::xarray<double>>(stream); }).code(), ErrorCode::truncated);
}

}  // namespace
}  // namespace jl
