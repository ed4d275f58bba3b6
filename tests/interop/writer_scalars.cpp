// Numbers, text, bytes, times.
#include <chrono>
#include <complex>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "interop/writer.hpp"

namespace interop {

namespace {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

enum Plain : int { zero, one, two };
enum class Signed : std::int8_t { minus_seven = -7 };

void put_integers(const CaseWriter& writer) {
    writer.put("nullptr", nullptr);
    writer.put("monostate", std::monostate());
    writer.put("bool_true", true);
    writer.put("bool_false", false);
    writer.put("int8_min", std::numeric_limits<std::int8_t>::min());
    writer.put("int16_min", std::numeric_limits<std::int16_t>::min());
    writer.put("int32_min", std::numeric_limits<std::int32_t>::min());
    writer.put("int64_min", std::numeric_limits<std::int64_t>::min());
    writer.put("int64_max", std::numeric_limits<std::int64_t>::max());
    writer.put("uint8_max", std::numeric_limits<std::uint8_t>::max());
    writer.put("uint16_max", std::numeric_limits<std::uint16_t>::max());
    writer.put("uint32_max", std::numeric_limits<std::uint32_t>::max());
    writer.put("uint64_max", std::numeric_limits<std::uint64_t>::max());
    const Int128 big = (Int128{1} << 100) + 7;
    writer.put("int128_big", big);
    writer.put("int128_min", static_cast<Int128>(UInt128{1} << 127));
    writer.put("uint128_max", ~UInt128{0});
    writer.put("enum_plain", Plain::two);
    writer.put("enum_class", Signed::minus_seven);
}

void put_reals(const CaseWriter& writer) {
    using Limits = std::numeric_limits<double>;
    writer.put("float_tenth", 0.1F);
    writer.put("double_tenth", 0.1);
    writer.put("double_negative_zero", -0.0);
    writer.put("double_tiny", Limits::denorm_min());
    writer.put("double_nan", Limits::quiet_NaN());
    writer.put("double_inf", Limits::infinity());
    writer.put("double_minus_inf", -Limits::infinity());
    writer.put("complex_double", std::complex<double>(1.5, -2));
    writer.put("complex_float", std::complex<float>(0.25F, 0.5F));
}

void put_text(const CaseWriter& writer) {
    using namespace std::string_literals;
    std::string text;
    for (int i = 0; i < 7000; ++i) text += "0123456789";
    writer.put("string", "plain");
    writer.put("string_empty", std::string());
    writer.put("string_unicode", "caf\u00e9 \u65e5\u672c\u8a9e \U0001f600 nul\0end"s);
    writer.put("string_long", text);
    writer.put("string_view", std::string_view("view"));
    const char* pointer = "pointer";
    writer.put("char_pointer", pointer);
    writer.put("path", std::filesystem::path("data") / "file.bin");
}

void put_bytes(const CaseWriter& writer) {
    std::vector<std::byte> bytes;
    for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<std::byte>(i));
    writer.put("bytes", bytes);
    writer.put("bytes_empty", std::vector<std::byte>());
    bytes.clear();
    for (int i = 0; i < 30'000; ++i) bytes.insert(bytes.end(), {std::byte{0x80}, std::byte{0x02}, std::byte{'}'}});
    writer.put("bytes_long", bytes);
}

void put_times(const CaseWriter& writer) {
    using namespace std::chrono;
    const sys_days day = year(2024) / February / 29;
    writer.put("duration_s", seconds(90));
    writer.put("duration_ns", nanoseconds(-5));
    writer.put("duration_h", hours(48));
    writer.put("duration_25s", duration<std::int64_t, std::ratio<25>>(3));
    writer.put("time_point_ms",
               time_point<system_clock, milliseconds>(day + hours(12) + minutes(30) + milliseconds(1250)));
    writer.put("time_point_ns", time_point<system_clock, nanoseconds>(nanoseconds(1)));
}

void put_dtypes(const CaseWriter& writer) {
    const jl::DType pair =
        jl::DType::structure({{"a", jl::DType("<i4"), 0, {}}, {"b", jl::DType("|S3"), 4, {}}}, 7, false);
    writer.put("dtypes", std::vector{jl::DType("<f8"), jl::DType(">i2"), jl::DType("<U7"), jl::DType("<M8[25us]"),
                                     jl::DType("|O"), pair});
}

}  // namespace

void put_scalars(const CaseWriter& writer) {
    put_integers(writer);
    put_reals(writer);
    put_text(writer);
    put_bytes(writer);
    put_times(writer);
    put_dtypes(writer);
}

}  // namespace interop
