#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <vector>

#include "array/half.hpp"
#include "array/layout.hpp"
#include "support/error.hpp"
#include "support/random.hpp"

namespace jl {
namespace {

// long double holds every number of every plain dtype.
struct Complex {
    long double real = 0;
    long double imaginary = 0;
};

bool same(long double a, long double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

template <class T>
void store(std::byte* to, long double value) {
    const T number = static_cast<T>(value);
    std::memcpy(to, &number, sizeof number);
}

template <class T>
long double load(const std::byte* from) {
    T number;
    std::memcpy(&number, from, sizeof number);
    return number;
}

// Calls use(T{}) with the C++ type of a plain real dtype; half as std::uint16_t is the caller's own case.
template <class Use>
auto with_type(char kind, std::uint64_t size, Use use) {
    if (kind == 'i')
        return size == 1   ? use(std::int8_t{})
               : size == 2 ? use(std::int16_t{})
               : size == 4 ? use(std::int32_t{})
                           : use(std::int64_t{});
    if (kind == 'f') return size == 4 ? use(float{}) : size == 8 ? use(double{}) : use(static_cast<long double>(0));
    return size == 1   ? use(std::uint8_t{})
           : size == 2 ? use(std::uint16_t{})
           : size == 4 ? use(std::uint32_t{})
                       : use(std::uint64_t{});
}

void put_real(std::byte* to, char kind, std::uint64_t size, long double value) {
    if (kind == 'f' && size == 2) return store<std::uint16_t>(to, detail::half_of_float(static_cast<float>(value)));
    with_type(kind, size, [&](auto type) { store<decltype(type)>(to, value); });
}

long double real_at(const std::byte* from, char kind, std::uint64_t size) {
    if (kind == 'f' && size == 2) return detail::float_of_half(static_cast<std::uint16_t>(load<std::uint16_t>(from)));
    return with_type(kind, size, [&](auto type) { return load<decltype(type)>(from); });
}

// The twin of the rule: does the dtype have exactly this number?
bool has_real(char kind, std::uint64_t size, long double value) {
    if (kind == 'b') return value == 0 || value == 1;
    if (kind == 'f' && size == 2) {
        const auto narrow = static_cast<float>(value);
        return same(narrow, value) && same(detail::float_of_half(detail::half_of_float(narrow)), value);
    }
    if (kind == 'f')
        return with_type(kind, size, [&](auto type) { return same(static_cast<decltype(type)>(value), value); });
    return with_type(kind, size, [&](auto type) {
        using Limits = std::numeric_limits<decltype(type)>;
        return value == std::trunc(value) && value >= static_cast<long double>(Limits::min()) &&
               value <= static_cast<long double>(Limits::max());
    });
}

bool has(const DType& dtype, const Complex& value) {
    if (dtype.kind() != 'c') return value.imaginary == 0 && has_real(dtype.kind(), dtype.itemsize(), value.real);
    return has_real('f', dtype.itemsize() / 2, value.real) && has_real('f', dtype.itemsize() / 2, value.imaginary);
}

void put(std::byte* to, const DType& dtype, const Complex& value) {
    if (dtype.kind() != 'c') return put_real(to, dtype.kind(), dtype.itemsize(), value.real);
    put_real(to, 'f', dtype.itemsize() / 2, value.real);
    put_real(to + dtype.itemsize() / 2, 'f', dtype.itemsize() / 2, value.imaginary);
}

Complex value_at(const std::byte* from, const DType& dtype) {
    if (dtype.kind() != 'c') return {real_at(from, dtype.kind(), dtype.itemsize()), 0};
    const std::uint64_t half = dtype.itemsize() / 2;
    return {real_at(from, 'f', half), real_at(from + half, 'f', half)};
}

std::vector<Complex> interesting_values() {
    std::vector<long double> reals{0.0L, -0.0L, 0.5L, 0.1L, 0.1, 0.1F, 65504, 65505, 65520, 1e30, 1e300, 3.5, -2.25};
    for (int power = 0; power <= 64; ++power) {
        const long double edge = std::ldexp(1.0L, power);
        for (const long double value : {edge - 1, edge, edge + 1, edge + edge / 1024, edge + edge / 2048}) {
            reals.push_back(value);
            reals.push_back(-value);
        }
    }
    for (const int power : {-14, -24, -25, -126, -149, -150, -1022, -1074, -1075})
        reals.push_back(std::ldexp(1.0L, power));
    for (const long double special : {INFINITY, -INFINITY, NAN}) reals.push_back(special);
    std::vector<Complex> values;
    for (const long double real : reals) values.push_back({real, 0});
    for (const long double imaginary : {1.0L, -0.5L, 0.1L, static_cast<long double>(NAN)})
        values.push_back({2, imaginary});
    return values;
}

const std::vector<DType>& plain_types() {
    static const std::vector<DType> types = [] {
        std::vector<DType> all;
        for (const char* const text :
             {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "f16", "c8", "c16", "c32"}) {
            all.emplace_back(text);
        }
        return all;
    }();
    return types;
}

std::string text_of(const Complex& value) {
    return std::to_string(value.real) + "+" + std::to_string(value.imaginary) + "j";
}

void compare_with_twin(const DType& from, const DType& to, const Complex& value) {
    std::vector<std::byte> source(from.itemsize());
    std::vector<std::byte> target(to.itemsize(), std::byte{0xAA});
    put(source.data(), from, value);
    const std::int64_t failed = convert_exact(source, from, target, to);
    ASSERT_EQ(failed, has(to, value) ? -1 : 0) << from.str() << " to " << to.str() << ": " << text_of(value);
    if (failed != -1) return;
    const Complex result = value_at(target.data(), to);
    ASSERT_TRUE(same(result.real, value.real) && same(result.imaginary, value.imaginary))
        << from.str() << " to " << to.str() << ": " << text_of(value) << " became " << text_of(result);
}

TEST(ConvertExact, AgreesWithItsTwinForEveryPairOfTypes) {
    const auto values = interesting_values();
    for (const DType& from : plain_types()) {
        for (const DType& to : plain_types()) {
            for (const Complex& value : values) {
                if (has(from, value)) compare_with_twin(from, to, value);
            }
            if (testing::Test::HasFatalFailure()) return;
        }
    }
}

TEST(ConvertExact, NamesTheFirstItemThatIsNotExact) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    for (int round = 0; round < 400; ++round) {
        const DType& from = plain_types()[1 + random.below(15)];
        const DType& to = plain_types()[random.below(16)];
        const std::size_t count = 1 + random.below(1000);
        const std::size_t bad = random.below(count);
        const Complex wrong = from.kind() == 'u'   ? Complex{200, 0}
                              : from.kind() == 'c' ? Complex{0, 0.1F}
                                                   : Complex{-1, 0};
        if (has(to, wrong)) continue;
        std::vector<std::byte> source(count * from.itemsize());
        std::vector<std::byte> target(count * to.itemsize());
        for (std::size_t i = 0; i < count; ++i) {
            const bool is_wrong = i == bad || (i > bad && random.below(2) == 0);
            put(source.data() + i * from.itemsize(), from,
                is_wrong ? wrong : Complex{static_cast<long double>(i % 2), 0});
        }
        EXPECT_EQ(convert_exact(source, from, target, to), static_cast<std::int64_t>(bad))
            << from.str() << " to " << to.str();
    }
}

TEST(ConvertExact, ConvertsLongArraysWholly) {
    for (const DType& from : plain_types()) {
        for (const DType& to : plain_types()) {
            constexpr std::size_t count = 1500;
            std::vector<std::byte> source(count * from.itemsize());
            std::vector<std::byte> target(count * to.itemsize());
            const auto value = [&](std::size_t i) {
                return Complex{static_cast<long double>(from.kind() == 'b' || to.kind() == 'b' ? i % 2 : i % 100), 0};
            };
            for (std::size_t i = 0; i < count; ++i) put(source.data() + i * from.itemsize(), from, value(i));
            ASSERT_EQ(convert_exact(source, from, target, to), -1) << from.str() << " to " << to.str();
            for (std::size_t i = 0; i < count; ++i) {
                ASSERT_EQ(value_at(target.data() + i * to.itemsize(), to).real, value(i).real)
                    << from.str() << " to " << to.str();
            }
        }
    }
}

TEST(ConvertExact, WorksAtAnyAlignment) {
    std::vector<std::byte> source(8 * 10 + 1);
    std::vector<std::byte> target(4 * 10 + 3);
    for (std::size_t i = 0; i < 10; ++i) put(source.data() + 1 + 8 * i, DType("i8"), {static_cast<long double>(i), 0});
    EXPECT_EQ(convert_exact(std::span(source).subspan(1), DType("i8"), std::span(target).subspan(3), DType("f4")), -1);
    EXPECT_EQ(value_at(target.data() + 3 + 4 * 9, DType("f4")).real, 9);
}

TEST(ConvertExact, MakesEveryTrueBoolOne) {
    const std::vector<std::byte> source{std::byte{0}, std::byte{1}, std::byte{2}, std::byte{255}};
    std::vector<std::byte> target(4);
    EXPECT_EQ(convert_exact(source, DType("b1"), target, DType("b1")), -1);
    EXPECT_EQ(target, (std::vector<std::byte>{std::byte{0}, std::byte{1}, std::byte{1}, std::byte{1}}));
}

TEST(ConvertExact, WritesTheSameBytesForTheSameLongDouble) {
    std::vector<std::byte> source(8);
    put(source.data(), DType("f8"), {1.5L, 0});
    std::vector<std::byte> first(16, std::byte{0xAA});
    std::vector<std::byte> second(16, std::byte{0x55});
    convert_exact(source, DType("f8"), first, DType("f16"));
    convert_exact(source, DType("f8"), second, DType("f16"));
    EXPECT_EQ(first, second);
}

TEST(ConvertExact, TakesNothing) { EXPECT_EQ(convert_exact({}, DType("f8"), {}, DType("i1")), -1); }

TEST(ConvertExact, RefusesWhatIsNoNumber) {
    std::vector<std::byte> item(8);
    for (const char* const text : {"S8", "U2", "V8", "M8[s]", "m8", "O"}) {
        EXPECT_FALSE(is_convertible(DType(text), DType("f8"))) << text;
        EXPECT_FALSE(is_convertible(DType("f8"), DType(text))) << text;
        const Error error = test::error_of([&] { convert_exact(item, DType(text), item, DType("f8")); });
        EXPECT_EQ(error.code(), ErrorCode::type) << text;
    }
    EXPECT_FALSE(is_convertible(DType::structure({{"x", DType("f8"), 0}}, 8, false), DType("f8")));
    EXPECT_TRUE(is_convertible(DType("b1"), DType("c32")));
}

}  // namespace
}  // namespace jl
