// bool, integers of every width, floating point, complex numbers, enums.
#include <complex>
#include <cstdint>
#include <limits>
#include <string>

#include "interop/matrix.hpp"

namespace interop {

namespace {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

enum Plain : int { zero, one, two };
enum class Small : std::int8_t { minus_seven = -7 };
enum class Large : std::uint64_t { all = ~std::uint64_t{0} };
enum class Switch : bool { on = true };

template <class T>
void add_limits(Samples& samples, const std::string& name) {
    const std::string bits = std::to_string(std::numeric_limits<T>::digits);
    samples.add(name + "_max", std::numeric_limits<T>::max(), "2**" + bits + " - 1");
    samples.add(name + "_min", std::numeric_limits<T>::min(), std::is_signed_v<T> ? "-(2**" + bits + ")" : "0");
}

void add_integers(Samples& samples) {
    samples.add("bool_true", true, "True");
    samples.add("bool_false", false, "False");
    samples.add("char", 'j', "106");
    add_limits<signed char>(samples, "int8");
    add_limits<unsigned char>(samples, "uint8");
    add_limits<short>(samples, "int16");
    add_limits<unsigned short>(samples, "uint16");
    add_limits<int>(samples, "int32");
    add_limits<unsigned>(samples, "uint32");
    add_limits<long>(samples, "int64");
    add_limits<unsigned long>(samples, "uint64");
    add_limits<long long>(samples, "longlong");
    samples.add("int128_max", static_cast<Int128>(~UInt128{0} >> 1), "2**127 - 1");
    samples.add("int128_min", static_cast<Int128>(UInt128{1} << 127), "-(2**127)");
    samples.add("int128_small", Int128{-1}, "-1");
    samples.add("uint128_max", ~UInt128{0}, "2**128 - 1");
    samples.add("enum_plain", Plain::two, "2");
    samples.add("enum_class", Small::minus_seven, "-7");
    samples.add("enum_uint64", Large::all, "2**64 - 1");
    samples.add("enum_bool", Switch::on, "True");
}

template <class T>
void add_reals(Samples& samples, const std::string& name) {
    using Limits = std::numeric_limits<T>;
    samples.add(name + "_half", T(-0.5), "-0.5");
    samples.add(name + "_negative_zero", T(-0.0), "-0.0");
    samples.add(name + "_nan", Limits::quiet_NaN(), "nan");
    samples.add(name + "_inf", -Limits::infinity(), "-inf");
    samples.add(name + "_complex", std::complex<T>(T(-0.0), Limits::quiet_NaN()), "complex(-0.0, nan)");
}

}  // namespace

void add_numbers(Samples& samples) {
    add_integers(samples);
    add_reals<float>(samples, "float");
    add_reals<double>(samples, "double");
    add_reals<long double>(samples, "long_double");
    samples.add("float_tenth", 0.1F, "float(np.float32(0.1))");
    samples.add("float_tiny", std::numeric_limits<float>::denorm_min(), "2.0**-149");
    samples.add("double_tenth", 0.1, "0.1");
    samples.add("double_tiny", std::numeric_limits<double>::denorm_min(), "5e-324");
    samples.add("double_largest", std::numeric_limits<double>::max(), "(2.0 - 2.0**-52) * 2.0**1023");
}

}  // namespace interop
