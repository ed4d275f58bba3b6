#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include <jl/npy.hpp>

#include "support/error.hpp"

namespace jl {
namespace {

using test::error_of;
using Extents = std::vector<std::uint64_t>;

// What a header says after it was written and read again.
NpyHeader again(const DType& dtype, const Extents& shape, char order) {
    return parse_npy_header(make_npy_header(dtype, shape, order));
}

TEST(Npy, HeadersComeBackAsTheyWere) {
    const DType pair =
        DType::structure({{"x", DType("<i4"), 0}, {"y", DType::subarray(DType(">f8"), {2, 3}), 8, "title"}}, 64, false);
    const DType nested = DType::structure({{"p", pair, 0}, {"'q\"\n\\ä☃", DType("<U3"), 64}}, 80, false);
    for (const DType& dtype :
         {DType("<f8"), DType(">i2"), DType("|b1"), DType("|S7"), DType("<M8[25s]"), DType("|V3"), pair, nested}) {
        for (const Extents& shape : {Extents{}, Extents{0}, Extents{3}, Extents{2, 0, 5}, Extents(64, 1)}) {
            for (const char order : {'C', 'F'}) {
                const NpyHeader header = again(dtype, shape, order);
                EXPECT_EQ(header.dtype, dtype) << dtype.descr();
                EXPECT_EQ(header.shape, shape);
                EXPECT_EQ(header.order, order);
                EXPECT_EQ(header.payload % 64, 0U);
            }
        }
    }
}

TEST(Npy, LongHeadersNeedTheSecondVersionAndOtherLettersTheThird) {
    std::vector<DTypeField> fields;
    for (std::size_t i = 0; i < 5000; ++i)
        fields.push_back({"a long field name " + std::to_string(i), DType("|u1"), i});
    const std::string many = make_npy_header(DType::structure(fields, 5000, false), Extents{1}, 'C');
    EXPECT_EQ(many[6], '\2');
    EXPECT_EQ(parse_npy_header(many).dtype.fields().size(), 5000U);
    EXPECT_EQ(make_npy_header(DType::structure({{"ä", DType("|u1"), 0}}, 1, false), Extents{}, 'C')[6], '\3');
    EXPECT_EQ(make_npy_header(DType("<f8"), Extents{1}, 'C')[6], '\1');
}

TEST(Npy, AHeaderOfPython2IsRead) {
    std::string text = "{'descr': '<f8', 'fortran_order': False, 'shape': (3L, 4L), }";
    text.append(118 - text.size() - 1, ' ');
    const NpyHeader header = parse_npy_header("\x93NUMPY\1" + std::string("\0\x76\0", 3) + text + "\n");
    EXPECT_EQ(header.shape, (Extents{3, 4}));
    EXPECT_EQ(header.payload, 128U);
    EXPECT_EQ(header.nbytes, 96U);
}

TEST(Npy, StructuresThatNoListDescribesAreRefused) {
    const DType overlapping = DType::structure({{"a", DType("<i4"), 0}, {"b", DType("<i4"), 2}}, 8, false);
    EXPECT_EQ(error_of([&] { make_npy_header(overlapping, Extents{1}, 'C'); }).code(), ErrorCode::unsupported);
}

// A header of version 1 around a dict.
std::string header_around(std::string dict) {
    dict += '\n';
    return "\x93NUMPY\1" + std::string(1, '\0') + static_cast<char>(dict.size()) + std::string(1, '\0') + dict;
}

TEST(Npy, NamesAreLatin1BeforeTheThirdVersion) {
    const std::string dict = "{'descr': [('\xe4', '<i2')], 'fortran_order': False, 'shape': (1,)}";
    const std::string header = header_around(dict);
    EXPECT_EQ(parse_npy_header(header).dtype.fields().at(0).name, "ä");
    const std::string third =
        "\x93NUMPY\3" + header.substr(7, 2) + header.substr(9, 1) + std::string(2, '\0') + header.substr(10);
    EXPECT_THAT(error_of([&] { parse_npy_header(third); }).what(), testing::HasSubstr("not UTF-8"));
}

TEST(Npy, HeadersWithOtherKeysOrTypesAreRefused) {
    EXPECT_EQ(parse_npy_header(header_around("{'descr': '<i2', 'fortran_order': True, 'shape': ()}")).nbytes, 2U);
    for (const char* dict : {"{}", "{'descr': '<i2', 'fortran_order': 0, 'shape': ()}", "('<i2', False, ())",
                             "{'descr': '<i2', 'fortran_order': False, 'shape': (), 'more': 1}",
                             "{'descr': '<i2', 'fortran_order': False}", "{'descr': '<i2', 'shape': ()}",
                             "{'descr': '<i2', 'fortran_order': False, 'shape': [1]}",
                             "{'descr': '<i2', 'fortran_order': False, 'shape': (-1,)}",
                             "{'descr': '<i2', 'fortran_order': False, 'shape': ('1',)}",
                             "{'descr': 7, 'fortran_order': False, 'shape': ()}",
                             "{'descr': ('<i2', (2,)), 'fortran_order': False, 'shape': (1,)}",
                             "{'descr': ['<i2'], 'fortran_order': False, 'shape': ()}"})
        EXPECT_EQ(error_of([&] { parse_npy_header(header_around(dict)); }).code(), ErrorCode::format) << dict;
    const std::string huge = "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}";
    EXPECT_EQ(error_of([&] { parse_npy_header(header_around(huge)); }).code(), ErrorCode::range);
    EXPECT_EQ(error_of([&] { parse_npy_header("\x93NUMPY\4" + std::string(64, '\0')); }).code(), ErrorCode::format);
    EXPECT_EQ(
        error_of([&] { parse_npy_header("\x93NUMPY\2" + std::string(1, '\0') + std::string(60, '\xff')); }).code(),
        ErrorCode::format);
}

TEST(Npy, TruncatedHeadersAreToldApart) {
    const std::string header = make_npy_header(DType("<f8"), Extents{3}, 'C');
    for (std::size_t size = 0; size < header.size(); ++size)
        EXPECT_NE(error_of([&] { parse_npy_header(header.substr(0, size)); }).code(), ErrorCode::io);
    EXPECT_EQ(error_of([&] { parse_npy_header(header.substr(0, 100)); }).code(), ErrorCode::truncated);
}

}  // namespace
}  // namespace jl
