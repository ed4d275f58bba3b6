#include <jl/detail/byte_order.hpp>
#include <jl/mapping_chrono.hpp>

#include "graph/array_node.hpp"

namespace jl::detail {

namespace {

constexpr std::int64_t not_a_time = INT64_MIN;

struct Unit {
    std::string_view name;
    std::intmax_t numerator, denominator;  // seconds
};

constexpr Unit units[] = {
    {"W", 604'800, 1},
    {"D", 86'400, 1},
    {"h", 3'600, 1},
    {"m", 60, 1},
    {"s", 1, 1},
    {"ms", 1, 1'000},
    {"us", 1, 1'000'000},
    {"ns", 1, 1'000'000'000},
    {"ps", 1, 1'000'000'000'000},
    {"fs", 1, 1'000'000'000'000'000},
    {"as", 1, 1'000'000'000'000'000'000},
};

__extension__ using Wide = __int128;

}  // namespace

void emit_time(Emitter& out, char kind, const char* unit, std::int64_t unit_count, std::int64_t count) {
    std::byte item[8];
    store_little(item, count);
    out.scalar(DType(kind, 8).with_unit(unit, unit_count).with_order(false), item);
}

std::int64_t read_time(const Record& in, char kind, std::intmax_t numerator, std::intmax_t denominator) {
    const auto [dtype, item] = in.scalar();
    if (dtype.kind() != kind) in.fail_kind(kind == 'M' ? "a numpy.datetime64" : "a numpy.timedelta64");
    const auto count =
        dtype.big_endian() ? load_big<std::int64_t>(item.data()) : load_little<std::int64_t>(item.data());
    if (count == not_a_time) in.fail(ErrorCode::range, "the time is NaT (not a time)");
    for (const Unit& unit : units) {
        if (unit.name != dtype.unit()) continue;
        const Wide top = Wide{count} * dtype.unit_count();
        if (top > INT64_MAX || top < INT64_MIN) break;
        // count x unit / (numerator / denominator); every factor stays below 2^63 x 10^18, checked before each product.
        const Wide ratio_top = Wide{unit.numerator} * denominator, ratio_bottom = Wide{unit.denominator} * numerator;
        const Wide common = ratio_top > ratio_bottom ? (ratio_top % ratio_bottom == 0 ? ratio_bottom : Wide{1})
                                                     : (ratio_bottom % ratio_top == 0 ? ratio_top : Wide{1});
        Wide product = 0;
        if (__builtin_mul_overflow(top, ratio_top / common, &product)) break;
        const Wide bottom = ratio_bottom / common;
        if (product % bottom != 0 || product / bottom > INT64_MAX || product / bottom < INT64_MIN) break;
        return static_cast<std::int64_t>(product / bottom);
    }
    in.fail(ErrorCode::range, std::to_string(count) + " x " + std::to_string(dtype.unit_count()) + " " + dtype.unit() +
                                  " is no whole number of units of " + std::to_string(numerator) + "/" +
                                  std::to_string(denominator) + " s");
}

}  // namespace jl::detail
