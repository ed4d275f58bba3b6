// std::chrono: durations are numpy.timedelta64, points of the system clock numpy.datetime64.
//
//     jl::dump(std::chrono::system_clock::now(), "when.pkl");      // Python: numpy.datetime64('…', 'ns')
//
// Reading converts between units when exact, else Error{range}. Durations count in a whole multiple of s, ms, us, ns,
// m, h, D or W.
#pragma once

#include <chrono>
#include <numeric>
#include <ratio>
#include <string>
#include <utility>

#include <jl/mapping.hpp>

namespace jl {

namespace detail {

// Reads a scalar of `kind` ('m' or 'M') as a count of units of numerator/denominator seconds.
std::int64_t read_time(const Record& in, char kind, std::intmax_t numerator, std::intmax_t denominator);
void emit_time(Emitter& out, char kind, const char* unit, std::int64_t unit_count, std::int64_t count);

template <class Period>
constexpr std::pair<const char*, std::int64_t> numpy_unit() {
    if constexpr (Period::den == 1) {
        if constexpr (Period::num % 604'800 == 0)
            return {"W", Period::num / 604'800};
        else if constexpr (Period::num % 86'400 == 0)
            return {"D", Period::num / 86'400};
        else if constexpr (Period::num % 3'600 == 0)
            return {"h", Period::num / 3'600};
        else if constexpr (Period::num % 60 == 0)
            return {"m", Period::num / 60};
        else
            return {"s", Period::num};
    } else {
        static_assert(
            1'000'000'000 % Period::den == 0,
            "a duration whose unit is no whole number of nanoseconds has no numpy unit; duration_cast it first");
        if constexpr (1'000 % Period::den == 0)
            return {"ms", Period::num * (1'000 / Period::den)};
        else if constexpr (1'000'000 % Period::den == 0)
            return {"us", Period::num * (1'000'000 / Period::den)};
        else
            return {"ns", Period::num * (1'000'000'000 / Period::den)};
    }
}

template <class Rep, class Period>
struct TimeMapping {
    static_assert(std::integral<Rep>,
                  "a duration counted in floating point has no numpy unit; duration_cast it to whole units first");
    static void emit(Emitter& out, char kind, Rep count) {
        constexpr auto unit = numpy_unit<Period>();
        emit_time(out, kind, unit.first, unit.second, static_cast<std::int64_t>(count));
    }
    static Rep read(const Record& in, char kind) {
        const std::int64_t count = read_time(in, kind, Period::num, Period::den);
        if (!std::in_range<Rep>(count))
            in.fail(ErrorCode::range, "a time of " + std::to_string(count) + " units does not fit");
        return static_cast<Rep>(count);
    }
};

}  // namespace detail

template <class Rep, class Period>
struct Mapping<std::chrono::duration<Rep, Period>> {
    using Duration = std::chrono::duration<Rep, Period>;
    static void emit(Emitter& out, const Duration& value) {
        detail::TimeMapping<Rep, Period>::emit(out, 'm', value.count());
    }
    static void read(const Record& in, Duration& value) {
        value = Duration(detail::TimeMapping<Rep, Period>::read(in, 'm'));
    }
};

template <class Duration>
struct Mapping<std::chrono::time_point<std::chrono::system_clock, Duration>> {
    using Point = std::chrono::time_point<std::chrono::system_clock, Duration>;
    using Time = detail::TimeMapping<typename Duration::rep, typename Duration::period>;
    static void emit(Emitter& out, const Point& value) { Time::emit(out, 'M', value.time_since_epoch().count()); }
    static void read(const Record& in, Point& value) { value = Point(Duration(Time::read(in, 'M'))); }
};

}  // namespace jl
