// Durations and points of the system clock.
#include <chrono>
#include <cstdint>

#include "interop/matrix.hpp"

namespace interop {

void add_times(Samples& samples) {
    using namespace std::chrono;
    samples.add("nanoseconds", nanoseconds(-5), "np.timedelta64(-5, 'ns')");
    samples.add("microseconds", microseconds(7), "np.timedelta64(7, 'us')");
    samples.add("milliseconds", milliseconds(1250), "np.timedelta64(1250, 'ms')");
    samples.add("seconds", seconds(90), "np.timedelta64(90, 's')");
    samples.add("minutes", minutes(-3), "np.timedelta64(-3, 'm')");
    samples.add("hours", hours(48), "np.timedelta64(48, 'h')");
    samples.add("days", days(366), "np.timedelta64(366, 'D')");
    samples.add("weeks", weeks(5), "np.timedelta64(5, 'W')");
    samples.add("duration_25s", duration<std::int64_t, std::ratio<25>>(3), "np.timedelta64(3, '25s')");
    samples.add("duration_third", duration<std::int32_t, std::ratio<3, 1000>>(-1), "np.timedelta64(-1, '3ms')");
    samples.add("duration_zero", seconds(0), "np.timedelta64(0, 's')");
    const sys_days day = year(2024) / February / 29;
    samples.add("sys_days", day, "np.datetime64('2024-02-29', 'D')");
    samples.add("sys_seconds", sys_seconds(day), "np.datetime64('2024-02-29', 's')");
    using Milliseconds = time_point<system_clock, milliseconds>;
    samples.add("sys_milliseconds", Milliseconds(day + hours(12) + milliseconds(250)),
                "np.datetime64('2024-02-29T12:00:00.250', 'ms')");
    samples.add("sys_microseconds", time_point<system_clock, microseconds>(microseconds(-1)),
                "np.datetime64(-1, 'us')");
    samples.add("sys_clock", system_clock::time_point(nanoseconds(1)), "np.datetime64(1, 'ns')");
}

}  // namespace interop
