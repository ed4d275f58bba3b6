#include "memory/number_column.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace jl {
namespace {

constexpr int precision = 6;

// What stands around a number's point: "12" "5" "", "1" "5" "e-07".
struct Parts {
    std::string whole, fraction, exponent;
};

template <class Real>
std::string digits_of(Real number, std::chars_format format, bool shortest) {
    char room[400];  // 1e308 in fixed notation
    const auto result = shortest ? std::to_chars(room, room + sizeof room, number, format)
                                 : std::to_chars(room, room + sizeof room, number, format, precision);
    return {room, result.ptr};
}

Parts split(const std::string& text) {
    const auto e = text.find('e');
    const auto point = std::min(text.find('.'), std::min(e, text.size()));
    const auto end = std::min(e, text.size());
    Parts parts{text.substr(0, point), point < end ? text.substr(point + 1, end - point - 1) : "",
                e < text.size() ? text.substr(e) : ""};
    return parts;
}

template <class Real>
Parts parts_of(Real number, std::chars_format format) {
    Parts parts = split(digits_of(number, format, true));
    if (parts.fraction.size() <= precision) return parts;
    parts = split(digits_of(number, format, false));
    while (parts.fraction.ends_with('0')) parts.fraction.pop_back();
    return parts;
}

template <class Real>
bool needs_exponents(const std::vector<Real>& numbers) {
    double largest = 0, smallest = 0;
    for (const Real number : numbers) {
        const double size = std::abs(static_cast<double>(number));
        if (!std::isfinite(size) || size == 0) continue;
        largest = std::max(largest, size);
        smallest = smallest == 0 ? size : std::min(smallest, size);
    }
    return largest != 0 && (largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1000);
}

template <class Real>
std::string not_finite(Real number) {
    if (std::isnan(number)) return "nan";
    return number < 0 ? "-inf" : "inf";
}

}  // namespace

void align_right(std::vector<std::string>& texts) {
    std::size_t width = 0;
    for (const std::string& text : texts) width = std::max(width, text.size());
    for (std::string& text : texts) text.insert(0, width - text.size(), ' ');
}

template <class Real>
std::vector<std::string> number_column(const std::vector<Real>& numbers) {
    const bool exponents = needs_exponents(numbers);
    const auto format = exponents ? std::chars_format::scientific : std::chars_format::fixed;
    std::vector<Parts> all;
    std::size_t places = 0;
    for (const Real number : numbers) {
        all.push_back(std::isfinite(number) ? parts_of(number, format) : Parts());
        places = std::max(places, all.back().fraction.size());
    }
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!std::isfinite(numbers[i])) {
            texts.push_back(not_finite(numbers[i]));
            continue;
        }
        Parts& parts = all[i];
        parts.fraction.resize(places, exponents ? '0' : ' ');
        texts.push_back(parts.whole + "." + parts.fraction + parts.exponent);
    }
    align_right(texts);
    return texts;
}

template std::vector<std::string> number_column(const std::vector<float>& numbers);
template std::vector<std::string> number_column(const std::vector<double>& numbers);

}  // namespace jl
