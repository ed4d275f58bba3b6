// Values at the edge of what Python has: huge integers, half characters, deep nesting, many pairs, many dimensions.
#include <cstdint>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "graph/support/trip.hpp"

namespace jl::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using namespace std::string_literals;

Value loaded(std::string_view pickle) { return load(std::as_bytes(std::span(pickle.data(), pickle.size()))); }

// ---- integers ----

TEST(HugeIntegers, AreExactAsTextAndAsBytes) {
    const std::string digits = "1" + std::string(40, '0');
    const Value big = loaded("L" + digits + "L\n."), back = through_file<Value>(big);
    EXPECT_EQ(back.number_text(), digits);
    EXPECT_EQ(loaded("L-" + digits + "L\n.").number_text(), "-" + digits);
    EXPECT_TRUE(std::ranges::equal(back.raw_bytes(), big.raw_bytes()));
    EXPECT_THAT(back.raw_bytes(), SizeIs(17));
    EXPECT_EQ(dumped(back), dumped(big));
}

TEST(HugeIntegers, OfTenThousandBitsAreExactToo) {
    std::string bytes(1'251, '\0');
    bytes[1'250] = 1;  // 2^10000
    const Value big = loaded("\x8b\xe3\x04\0\0"s + bytes + "."), back = through_file<Value>(big);
    EXPECT_THAT(back.number_text(), SizeIs(3'011));
    EXPECT_THAT(back.number_text(), testing::StartsWith("19950631168807583848837421626835850838234968318861"));
    EXPECT_THAT(back.number_text(), testing::EndsWith("4792596709376"));
    EXPECT_THAT(back.raw_bytes(), SizeIs(1'251));
    EXPECT_EQ(dumped(back), dumped(big));
}

TEST(HugeIntegers, AreRefusedWhereNoTypeHoldsThem) {
    const Value big = loaded("L1" + std::string(40, '0') + "L\n.");
    EXPECT_EQ(error_of([&] { (void)big.as<detail::Int128>(); }).code(), ErrorCode::range);
    EXPECT_THAT(error_of([&] { (void)big.as<detail::UInt128>(); }).what(), HasSubstr("10000000000000000"));
    EXPECT_EQ(error_of([&] { (void)big.as<double>(); }).code(), ErrorCode::range);
    EXPECT_EQ(error_of([&] { (void)big.as<std::int64_t>(); }).code(), ErrorCode::range);
}

// ---- halves of surrogate pairs ----

TEST(Surrogates, ComeBackAsTheBytesThatPythonWrites) {
    const std::string high = "\xed\xa0\x80", low = "low \xed\xb2\x80";
    expect_trip(high);
    expect_trip(std::vector<std::string>{high, low, low + high});
    expect_trip(std::map<std::string, std::string>{{high, low}});
    EXPECT_EQ(loaded("X\x03\0\0\0"s + high + ".").as<std::string>(), high);
    EXPECT_EQ(loaded("V\\ud800\n.").as<std::string>(), high);
}

TEST(Surrogates, CutShortAreNoText) {
    for (const char* text : {"\xed\xa0", "\xed\xa0X", "\xa0\x80", "\xed\xc0\x80"})
        EXPECT_EQ(error_of([&] { (void)dumped(std::string(text)); }).code(), ErrorCode::range) << text;
}

// ---- nesting ----

constexpr int deep = 100'000;

// What stands around the innermost value: `open` once for each level, then `close` as often.
std::string nested(const std::string& open, const std::string& innermost, const std::string& close) {
    std::string pickle = "\x80\x04";
    for (int i = 0; i < deep; ++i) pickle += open;
    pickle += innermost;
    for (int i = 0; i < deep; ++i) pickle += close;
    return pickle + ".";
}

void expect_deep(const std::string& pickle) {
    const Value value = loaded(pickle);
    const std::vector<std::byte> bytes = dumped(value);
    const Value back = load(std::span(bytes));
    EXPECT_EQ(dumped(back), bytes);
    EXPECT_FALSE(back.str().empty());
    EXPECT_EQ(Value::list({back}).size(), 1U);  // copied into another document
}

struct Chain {
    std::vector<Chain> next;
};

}  // namespace
}  // namespace jl::test

template <>
struct jl::Mapping<jl::test::Chain> {
    static void read(const Record& in, test::Chain& chain) { jl::read(in, chain.next); }
};

namespace jl::test {
namespace {

TEST(DeepNesting, OfEveryContainerIsReadAndWrittenAgain) {
    expect_deep(nested("]", "]", "a"));
    expect_deep(nested("", ")", "\x85"));
    expect_deep(nested("}K\x01", "}", "s"));
    expect_deep(nested("(", "(\x91", "\x91"));
    expect_deep(nested("]}K\x01", ")\x85", "sa"));
}

TEST(DeepNesting, OfObjectsIsReadAndWrittenAgain) {
    expect_deep(nested("\x8c\x05types\x8c\x0fSimpleNamespace\x93)R}\x8c\x01x", "N", "sb"));
    expect_deep(nested("\x8c\x01m\x8c\x01K\x93)\x81", "N", "b"));
    expect_deep(nested("\x8c\x01m\x8c\x01K\x93", "N", "\x85R"));
}

TEST(DeepNesting, IsRefusedByATypeInsteadOfExhaustingTheStack) {
    const std::string lists = nested("]", "]", "a");
    const Error error = error_of([&] { (void)load<Chain>(std::as_bytes(std::span(lists))); });
    EXPECT_EQ(error.code(), ErrorCode::limit);
    EXPECT_THAT(error.what(), HasSubstr("nested more than 2000 deep"));
    EXPECT_EQ(error_of([&] { (void)loaded(lists).as<Chain>(); }).code(), ErrorCode::limit);
}

// ---- many ----

TEST(ManyPairs, AMillionComeBackTypedAndUntyped) {
    std::map<int, int> squares;
    for (int i = 0; i < 1'000'000; ++i) squares.emplace_hint(squares.end(), i, i ^ 5);
    const std::vector<std::byte> bytes = dumped(squares);
    EXPECT_EQ(load<decltype(squares)>(std::span(bytes)), squares);
    const Value any = load(std::span(bytes));
    EXPECT_EQ(any.size(), 1'000'000U);
    EXPECT_EQ(any[999'999].as<int>(), 999'999 ^ 5);
    EXPECT_EQ(any.as<decltype(squares)>(), squares);
    EXPECT_EQ(dumped(any).size(), dumped(Value(squares)).size());
}

// An array of any type and shape, its bytes counted up.
struct AnyArray {
    DType dtype;
    std::vector<std::uint64_t> shape;
    char order = 'C';
};

}  // namespace
}  // namespace jl::test

template <>
struct jl::Mapping<jl::test::AnyArray> {
    static void emit(Emitter& out, const test::AnyArray& array) {
        std::uint64_t size = array.dtype.itemsize();
        for (const std::uint64_t n : array.shape) size *= n;
        std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
        std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
        out.array({array.dtype, array.shape, array.order, std::as_bytes(std::span(bytes))});
    }
};

namespace jl::test {
namespace {

void expect_array(const AnyArray& array) {
    for (const Value& back : {Value(array), through_file<Value>(array), through_file<Value>(Value(array))}) {
        EXPECT_EQ(back.dtype(), array.dtype);
        EXPECT_EQ(back.shape(), array.shape);
        EXPECT_EQ(back.order(), array.order);
        EXPECT_EQ(dumped(back), dumped(Value(array)));
    }
}

TEST(ManyFields, OfAStructureComeBack) {
    std::vector<DTypeField> fields;
    for (std::uint64_t i = 0; i < 3'000; ++i)
        fields.push_back({"field_" + std::to_string(i), DType(i % 2 ? "<i4" : "<f4"), 4 * i});
    expect_array({DType::structure(fields, 12'000, false), {2}});
}

TEST(ManyDimensions, UpToSixtyFourComeBack) {
    for (const std::size_t rank : {32U, 33U, 64U}) {
        std::vector<std::uint64_t> shape(rank, 1);
        shape[1] = 2, shape[rank - 2] = 3;
        expect_array({DType("<i2"), shape});
        expect_array({DType("<i2"), shape, 'F'});
    }
}

TEST(ManyDimensions, MoreThanSixtyFourAreNeitherWrittenNorRead) {
    const AnyArray array{DType("<i2"), std::vector<std::uint64_t>(65, 1)};
    const Error error = error_of([&] { (void)dumped(std::map<std::string, AnyArray>{{"a", array}}); });
    EXPECT_EQ(error.code(), ErrorCode::type);
    EXPECT_THAT(error.what(), HasSubstr("/a: an array of 65 dimensions"));
    EXPECT_EQ(error_of([&] { (void)Value(array); }).code(), ErrorCode::type);
}

TEST(NoItems, KeepTheirShape) {
    for (const std::vector<std::uint64_t>& shape : {std::vector<std::uint64_t>{0}, {0, 3}, {3, 0, 2}, {0, 0}})
        expect_array({DType("<f8"), shape});
    expect_array({DType("|u1"), {std::uint64_t{1} << 40, 0}});
}

TEST(NoBytes, InAnItemAreNeitherWrittenNorRead) {
    for (const char* dtype : {"|S0", "<U0", "|V0"}) {
        const Error error = error_of([&] { (void)dumped(AnyArray{DType(dtype), {3}}); });
        EXPECT_EQ(error.code(), ErrorCode::type) << dtype;
        EXPECT_THAT(error.what(), HasSubstr("items of 0 bytes"));
    }
    expect_array({DType::structure({{"none", DType("|S0"), 0}, {"some", DType("<i4"), 0}}, 4, false), {3}});
}

}  // namespace
}  // namespace jl::test
