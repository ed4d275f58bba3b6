#include "array/number_text.hpp"

#include <charconv>
#include <cmath>
#include <string_view>
#include <system_error>

#include "array/half.hpp"

namespace jl::detail {
namespace {

// From "d.ddde-05" to Python's choice: an exponent only below 1e-4 and from 1e16 on.
std::string python_form(std::string_view scientific, Point point) {
    std::string text;
    if (scientific.front() == '-') {
        text = "-";
        scientific.remove_prefix(1);
    }
    const std::size_t e = scientific.find('e');
    std::string digits(scientific.substr(0, e));
    if (digits.size() > 1) digits.erase(1, 1);
    int exponent = 0;
    const std::string_view power = scientific.substr(e + (scientific[e + 1] == '+' ? 2 : 1));
    std::from_chars(power.data(), power.data() + power.size(), exponent);
    if (exponent < -4 || exponent >= 16) return text.append(scientific);
    if (exponent < 0) return text + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() > whole) return text + digits.substr(0, whole) + "." + digits.substr(whole);
    digits.append(whole - digits.size(), '0');
    return text + digits + (point == Point::always ? ".0" : "");
}

template <class T>
std::string shortest(T number, Point point) {
    if (std::isnan(number)) return "nan";
    if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
    char scientific[64];
    const auto [end, error] =
        std::to_chars(scientific, scientific + sizeof scientific, number, std::chars_format::scientific);
    return python_form({scientific, end}, point);
}

}  // namespace

std::string number_text(float number, Point point) { return shortest(number, point); }
std::string number_text(double number, Point point) { return shortest(number, point); }
std::string number_text(long double number, Point point) { return shortest(number, point); }

std::string half_text(std::uint16_t half) {
    const float number = float_of_half(half);
    if (!std::isfinite(number)) return shortest(number, Point::always);
    char scientific[32];
    for (int precision = 0;; ++precision) {
        const auto [end, error] =
            std::to_chars(scientific, scientific + sizeof scientific, number, std::chars_format::scientific, precision);
        float again = 0;
        std::from_chars(scientific, end, again);
        if (half_of_float(again) != half && precision < 8) continue;
        return python_form({scientific, end}, Point::always);
    }
}

}  // namespace jl::detail
