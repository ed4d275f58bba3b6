#include <algorithm>
#include <charconv>
#include <cmath>

#include <jl/call_metadata.hpp>
#include <jl/error.hpp>

#include "memory/expires_after.hpp"
#include "memory/json_text.hpp"

namespace jl {
namespace {

using Clock = std::chrono::system_clock;
constexpr std::string_view arguments = "input_args/";
constexpr double latest = 9e9;  // seconds since 1970 that a time_point of nanoseconds holds

std::string number(double value) {
    char room[64];
    const auto result = std::to_chars(room, room + sizeof room, std::isfinite(value) ? value : 0.0);
    return {room, result.ptr};
}

double real_of(const std::string& text) {
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return std::isfinite(value) ? value : 0.0;
}

Clock::time_point time_of(double seconds) {
    using Seconds = std::chrono::duration<double>;
    return Clock::time_point(std::chrono::duration_cast<Clock::duration>(Seconds(std::clamp(seconds, 0.0, latest))));
}

std::uint64_t size_of(const std::string& text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

std::string CallMetadata::to_json() const {
    const std::chrono::duration<double> since = time.time_since_epoch();
    std::string text = "{\"duration\": " + number(duration) + ", \"input_args\": {";
    for (std::size_t i = 0; i < input_args.size(); ++i)
        text += (i > 0 ? ", " : "") + quoted_json(input_args[i].first) + ": " + quoted_json(input_args[i].second);
    text += "}, \"time\": " + number(since.count()) + ", \"function\": " + quoted_json(function);
    if (!version.empty()) text += ", \"version\": " + quoted_json(version);
    return text + ", \"output_bytes\": " + std::to_string(output_bytes) + "}";
}

std::optional<CallMetadata> CallMetadata::from_json(std::string_view text) {
    const auto scalars = parse_json(text);
    if (!scalars) return std::nullopt;
    CallMetadata call;
    for (const JsonScalar& each : *scalars) {
        const bool is_number = each.kind == JsonScalar::Kind::number;
        const bool is_text = each.kind == JsonScalar::Kind::text;
        if (is_number && each.path == "duration") call.duration = std::clamp(real_of(each.value), 0.0, latest);
        if (is_number && each.path == "time") call.time = time_of(real_of(each.value));
        if (is_number && each.path == "output_bytes") call.output_bytes = size_of(each.value);
        if (is_text && each.path == "function") call.function = each.value;
        if (is_text && each.path == "version") call.version = each.value;
        if (is_text && each.path.starts_with(arguments))
            call.input_args.emplace_back(each.path.substr(arguments.size()), each.value);
    }
    return call;
}

CacheValidationCallback expires_after(std::chrono::microseconds age) {
    if (age < age.zero()) throw Error(ErrorCode::usage, "an age that results expire at cannot be negative");
    return ExpiresAfter{age};
}

// In microseconds, so that no age is too long to be compared.
bool ExpiresAfter::operator()(const CallMetadata& call) const {
    return std::chrono::floor<std::chrono::microseconds>(Clock::now() - call.time) < age;
}

}  // namespace jl
