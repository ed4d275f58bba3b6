// jl::Value of every kind that C++ can make, and numpy scalars.
#include <algorithm>
#include <complex>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "interop/matrix.hpp"

namespace interop {

// One item of an array as a value of its own; what numpy calls a scalar.
template <class T>
struct Scalar {
    T item{};
    bool operator==(const Scalar& other) const { return same(item, other.item); }
};

// An integer of any size: two's complement, least significant byte first.
struct BigInteger {
    std::vector<std::byte> digits;
};

}  // namespace interop

template <class T>
struct jl::Mapping<interop::Scalar<T>> {
    static void emit(Emitter& out, const interop::Scalar<T>& value) {
        out.scalar(DType::of<T>(), std::as_bytes(std::span(&value.item, 1)));
    }
    static void read(const Record& in, interop::Scalar<T>& value) {
        const auto [dtype, bytes] = in.scalar();
        if (dtype != DType::of<T>()) in.fail(ErrorCode::type, "a scalar of " + dtype.str());
        std::memcpy(&value.item, bytes.data(), sizeof(T));
    }
};
template <>
struct jl::Mapping<interop::BigInteger> {
    static void emit(Emitter& out, const interop::BigInteger& value) { out.big_integer(value.digits); }
};

namespace interop {

namespace {

template <class T>
void add_scalar(Samples& samples, T item, const std::string& python) {
    samples.add("scalar_" + jl::DType::of<T>().str().substr(1), Scalar<T>{item}, "np." + python);
}

void add_scalars(Samples& samples) {
    add_scalar(samples, true, "bool_(True)");
    add_scalar<std::int8_t>(samples, -3, "int8(-3)");
    add_scalar<std::int16_t>(samples, -300, "int16(-300)");
    add_scalar<std::int32_t>(samples, -70'000, "int32(-70000)");
    add_scalar<std::int64_t>(samples, INT64_MIN, "int64(-2**63)");
    add_scalar<std::uint8_t>(samples, 255, "uint8(255)");
    add_scalar<std::uint16_t>(samples, 65'535, "uint16(65535)");
    add_scalar<std::uint32_t>(samples, 7, "uint32(7)");
    add_scalar<std::uint64_t>(samples, UINT64_MAX, "uint64(2**64 - 1)");
    add_scalar(samples, 0.1F, "float32(0.1)");
    add_scalar(samples, -0.0, "float64(-0.0)");
    add_scalar(samples, std::complex<float>(1, -2), "complex64(1 - 2j)");
    add_scalar(samples, std::complex<double>(-0.0, 0.5), "complex128(complex(-0.0, 0.5))");
}

// 2**bits, or -(2**bits).
jl::Value power(std::size_t bits, bool negative) {
    BigInteger big{std::vector<std::byte>(bits / 8 + 2)};
    big.digits[bits / 8] = static_cast<std::byte>(1U << bits % 8);
    if (negative) {  // complement and increment: what is above the bit turns to ones, the bit stays
        for (std::size_t i = bits / 8; i < big.digits.size(); ++i) big.digits[i] = ~big.digits[i];
        big.digits[bits / 8] = static_cast<std::byte>(std::to_integer<unsigned>(big.digits[bits / 8]) + 1);
    }
    return big;
}

}  // namespace

void add_values(Samples& samples) {
    using jl::Value;
    add_scalars(samples);
    samples.add("value_none", Value(), "None");
    samples.add("value_bool", Value(true), "True");
    samples.add("value_int", Value(-70'000), "-70000");
    samples.add("value_2_to_133", power(133, false), "2**133");
    samples.add("value_2_to_10000", power(10'000, false), "2**10000");
    samples.add("value_minus_2_to_10000", power(10'000, true), "-(2**10000)");
    samples.add("value_double", Value(-0.0), "-0.0");
    samples.add("value_complex", Value(std::complex<double>(1, -2)), "1 - 2j");
    samples.add("value_string", Value(std::string("caf\u00e9")), R"('caf\u00e9')");
    samples.add("value_bytes", Value(std::vector<std::byte>{std::byte{7}}), R"(b'\7')");
    samples.add("value_tuple_empty", Value::tuple({}), "()");
    samples.add_made(
        "value_list",
        [] {
            return Value::list({1, Value::list({}), 2.5});
        },
        "[1, [], 2.5]");
    samples.add_made(
        "value_tuple",
        [] {
            return Value::tuple({1, Value::tuple({}), "x"});
        },
        "(1, (), 'x')");
    samples.add_made(
        "value_set", [] { return Value::set({7}); }, "{7}");
    samples.add_made(
        "value_dict",
        [] {
            return Value::dict({{7, 1}, {"a", Value::dict({})}, {Value::tuple({1}), 2}});
        },
        "{7: 1, 'a': {}, (1,): 2}");
    samples.add_made(
        "value_object",
        [] {
            return Value::object({{"a", 1}, {"b", Value::list({})}});
        },
        "Namespace(a=1, b=[])");
    samples.add_made(
        "value_array",
        [] {
            return Value(std::vector<float>{0.5F, -0.0F});
        },
        "np.array([0.5, -0.0], 'f4')");
    samples.add_made(
        "value_graph",
        [] {
            const Value arrays = Value::list({Value::tuple({std::vector<double>()})});
            return Value::dict({{"xs", std::vector<std::int16_t>{1, 2}}, {"deep", arrays}});
        },
        "{'xs': np.array([1, 2], 'i2'), 'deep': [(np.zeros(0),)]}");
}

}  // namespace interop
