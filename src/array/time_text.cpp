#include "array/time_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>

namespace jl::detail {
namespace {

__extension__ using Wide = __int128;  // holds any count times any value, in any unit

constexpr std::int64_t not_a_time = std::numeric_limits<std::int64_t>::min();

std::string to_text(Wide number) {
    if (number < 0) return "-" + to_text(-number);
    std::string digits;
    do digits += static_cast<char>('0' + static_cast<int>(number % 10));
    while ((number /= 10) != 0);
    std::ranges::reverse(digits);
    return digits;
}

std::string padded(Wide number, std::size_t width) {
    std::string digits = to_text(number < 0 ? -number : number);
    if (number < 0 && width > 0) --width;  // as C's %04d counts the sign
    if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
    return number < 0 ? "-" + digits : digits;
}

struct Split {
    Wide whole;
    Wide rest;  // 0 and above
};

Split floor_divide(Wide a, Wide b) {
    Split split{a / b, a % b};
    if (split.rest < 0) split = {split.whole - 1, split.rest + b};
    return split;
}

std::string month_text(Wide months) {
    const auto [years, month] = floor_divide(months, 12);
    return padded(1970 + years, 4) + "-" + padded(month + 1, 2);
}

// The proleptic Gregorian calendar, in years that begin in March: then the leap day is the last.
std::string day_text(Wide days) {
    constexpr Wide days_from_march_0 = 719468;
    constexpr Wide days_in_400_years = 146097;
    const auto [era, day] = floor_divide(days + days_from_march_0, days_in_400_years);
    const Wide year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    const Wide day_of_year = day - (365 * year + year / 4 - year / 100);
    const Wide month = (5 * day_of_year + 2) / 153;  // from March
    const Wide day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
    const Wide january_is_next_year = month >= 10 ? 1 : 0;
    const Wide calendar_month = month < 10 ? month + 3 : month - 9;
    return padded(era * 400 + year + january_is_next_year, 4) + "-" + padded(calendar_month, 2) + "-" +
           padded(day_of_month, 2);
}

// Units of a day and less: how many make a day, and how many digits follow the second.
struct ClockUnit {
    std::string_view name;
    Wide in_a_day;
    std::size_t digits;
};

constexpr Wide kilo = 1000;
constexpr Wide seconds_a_day = 86400;
constexpr std::array<ClockUnit, 9> clock_units = {{{"h", 24, 0},
                                                   {"m", 1440, 0},
                                                   {"s", seconds_a_day, 0},
                                                   {"ms", seconds_a_day* kilo, 3},
                                                   {"us", seconds_a_day* kilo* kilo, 6},
                                                   {"ns", seconds_a_day* kilo* kilo* kilo, 9},
                                                   {"ps", seconds_a_day* kilo* kilo* kilo* kilo, 12},
                                                   {"fs", seconds_a_day* kilo* kilo* kilo* kilo* kilo, 15},
                                                   {"as", seconds_a_day* kilo* kilo* kilo* kilo* kilo* kilo, 18}}};

std::string clock_text(Wide value, const ClockUnit& unit) {
    const auto [days, in_day] = floor_divide(value, unit.in_a_day);
    std::string text = day_text(days) + "T";
    if (unit.name == "h") return text + padded(in_day, 2);
    if (unit.name == "m") return text + padded(in_day / 60, 2) + ":" + padded(in_day % 60, 2);
    const Wide second = unit.in_a_day / seconds_a_day;
    const Wide seconds = in_day / second;
    text += padded(seconds / 3600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2);
    return unit.digits == 0 ? text : text + "." + padded(in_day % second, unit.digits);
}

}  // namespace

std::string datetime_text(std::int64_t value, std::string_view unit, std::int64_t unit_count) {
    if (value == not_a_time) return "NaT";
    const Wide units = Wide{value} * unit_count;
    if (unit == "Y") return padded(1970 + units, 4);
    if (unit == "M") return month_text(units);
    if (unit == "W") return day_text(7 * units);
    if (unit == "D") return day_text(units);
    const auto clock = std::ranges::find(clock_units, unit, &ClockUnit::name);
    return clock == clock_units.end() ? to_text(units) : clock_text(units, *clock);
}

std::string timedelta_text(std::int64_t value, std::string_view unit, std::int64_t unit_count) {
    if (value == not_a_time) return "NaT";
    std::string text = to_text(Wide{value} * unit_count);
    if (unit != "generic") text.append(" ").append(unit);
    return text;
}

}  // namespace jl::detail
