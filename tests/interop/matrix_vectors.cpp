// Contiguous sequences of numbers: vector, array and span of every type.
#include <array>
#include <complex>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "interop/matrix.hpp"

namespace interop {

namespace {

// What numpy calls T: "i4".
template <class T>
std::string code() {
    return jl::DType::of<T>().str().substr(1);
}

template <class T>
void add_vector(Samples& samples, const std::vector<T>& items, const std::string& python) {
    samples.add("vector_" + code<T>(), items, "np.array([" + python + "], '" + code<T>() + "')");
}

template <class T>
void add_integers(Samples& samples) {
    using Limits = std::numeric_limits<T>;
    const std::string bits = std::to_string(Limits::digits);
    add_vector<T>(samples, {T{3}, Limits::min(), Limits::max()},
                  "3, " + (std::is_signed_v<T> ? "-2**" + bits : "0") + ", 2**" + bits + " - 1");
}

template <class T>
void add_reals(Samples& samples) {
    using Limits = std::numeric_limits<T>;
    const T nan = Limits::quiet_NaN(), inf = Limits::infinity();
    add_vector<T>(samples, {T(-0.0), nan, -inf, T(1.5)}, "-0.0, nan, -inf, 1.5");
    add_vector<std::complex<T>>(samples, {{T(-0.0), nan}, {inf, T(1.5)}}, "complex(-0.0, nan), complex(inf, 1.5)");
}

// One of each type at once, since a sample is much to compile. `Sequence<T>` is made of 1 and 2.
template <template <class> class Sequence>
struct OfEveryType {
    Sequence<std::int8_t> i1;
    Sequence<std::int16_t> i2;
    Sequence<std::int32_t> i4;
    Sequence<std::int64_t> i8;
    Sequence<std::uint8_t> u1;
    Sequence<std::uint16_t> u2;
    Sequence<std::uint32_t> u4;
    Sequence<std::uint64_t> u8;
    Sequence<float> f4;
    Sequence<double> f8;
    Sequence<long double> f16;
    Sequence<std::complex<float>> c8;
    Sequence<std::complex<double>> c16;
    Sequence<std::complex<long double>> c32;
    bool operator==(const OfEveryType&) const = default;
};

template <class T>
using Two = std::array<T, 2>;
template <class T>
using Shown = std::span<const T>;
template <class T>
constexpr Two<T> two{T(1), T(2)};

template <template <class> class Sequence>
OfEveryType<Sequence> of_every_type() {
    return {two<std::int8_t>,
            two<std::int16_t>,
            two<std::int32_t>,
            two<std::int64_t>,
            two<std::uint8_t>,
            two<std::uint16_t>,
            two<std::uint32_t>,
            two<std::uint64_t>,
            two<float>,
            two<double>,
            two<long double>,
            two<std::complex<float>>,
            two<std::complex<double>>,
            two<std::complex<long double>>};
}

}  // namespace

void add_vectors(Samples& samples) {
    add_integers<std::int8_t>(samples);
    add_integers<std::int16_t>(samples);
    add_integers<std::int32_t>(samples);
    add_integers<std::int64_t>(samples);
    add_integers<std::uint8_t>(samples);
    add_integers<std::uint16_t>(samples);
    add_integers<std::uint32_t>(samples);
    add_integers<std::uint64_t>(samples);
    add_reals<float>(samples);
    add_reals<double>(samples);
    add_reals<long double>(samples);
    const std::string each =
        "Namespace(**{c: np.array([1, 2], c) for c in 'i1 i2 i4 i8 u1 u2 u4 u8 f4 f8 f16 c8 c16 c32'"
        ".split()})";
    samples.add("arrays", of_every_type<Two>(), each);
    samples.add_written("spans", of_every_type<Shown>(), each, "a span owns nothing");
    samples.add("array_bool", std::array{true, false}, "np.array([True, False])");
    samples.add("vector_bool", std::vector<bool>{true, false, true}, "np.array([True, False, True])");
    samples.add("vector_bool_empty", std::vector<bool>(), "np.zeros(0, bool)");
    samples.add("vector_char", std::vector<char>{'j', 'l'}, "np.array([106, 108], 'i1')");
    samples.add("vector_empty", std::vector<double>(), "np.zeros(0)");
    samples.add("array_empty", std::array<float, 0>(), "np.zeros(0, 'f4')");
    std::vector<std::int32_t> many(20'000);
    for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<std::int32_t>(i) * 3;
    samples.add("vector_long", many, "np.arange(20000, dtype='i4') * np.int32(3)");
}

}  // namespace interop
