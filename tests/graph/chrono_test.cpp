#include <chrono>
#include <gtest/gtest.h>

#include <jl/mapping_chrono.hpp>

#include "graph/support/trip.hpp"

namespace jl::test {
namespace {

using namespace std::chrono;

TEST(Chrono, DurationsOfEveryUnitComeBack) {
    expect_trip(nanoseconds(5));
    expect_trip(microseconds(-7));
    expect_trip(milliseconds(0));
    expect_trip(seconds(100));
    expect_trip(minutes(3));
    expect_trip(hours(-2));
    expect_trip(days(4));
    expect_trip(weeks(5));
    expect_trip(duration<std::int32_t, std::ratio<25>>(3));
    expect_trip(duration<std::int64_t, std::ratio<1, 4'000>>(9));
    EXPECT_EQ(Value(minutes(3)).dtype().str(), "<m8[m]");
    EXPECT_EQ(Value(duration<int, std::ratio<25>>(3)).dtype().str(), "<m8[25s]");
}

TEST(Chrono, PointsOfTheSystemClockComeBack) {
    expect_trip(system_clock::time_point(nanoseconds(1'700'000'000'123'456'789)));
    expect_trip(sys_days(year(1969) / 12 / 31));
    expect_trip(sys_seconds(seconds(-1)));
    EXPECT_EQ(Value(sys_days(year(2024) / 2 / 29)).number_text(), "2024-02-29");
    EXPECT_EQ(Value(sys_days()).dtype().str(), "<M8[D]");
}

TEST(Chrono, UnitsConvertWhenExact) {
    EXPECT_EQ(Value(minutes(2)).as<seconds>(), seconds(120));
    EXPECT_EQ(Value(seconds(120)).as<minutes>(), minutes(2));
    EXPECT_EQ(Value(weeks(1)).as<nanoseconds>(), nanoseconds(weeks(1)));
    EXPECT_EQ(trip_error<minutes>(seconds(121)).code(), ErrorCode::range);
    EXPECT_EQ(trip_error<nanoseconds>(weeks(1'000'000)).code(), ErrorCode::range);
    EXPECT_EQ((trip_error<duration<std::int8_t>>(seconds(128)).code()), ErrorCode::range);
}

TEST(Chrono, DurationsAndPointsAreNotMixed) {
    EXPECT_EQ(trip_error<seconds>(sys_seconds(seconds(1))).code(), ErrorCode::type);
    EXPECT_EQ(trip_error<sys_seconds>(seconds(1)).code(), ErrorCode::type);
    EXPECT_EQ(trip_error<seconds>(5).code(), ErrorCode::type);
    EXPECT_EQ(trip_error<int>(seconds(5)).code(), ErrorCode::type);
    EXPECT_EQ(trip_error<seconds>(seconds(INT64_MIN)).code(), ErrorCode::range);  // NaT
}

}  // namespace
}  // namespace jl::test
