#include "memory/store_option.hpp"

#include <charconv>
#include <cstdint>

#include <jl/error.hpp>

namespace jl {

std::chrono::milliseconds seconds_from(const std::string& option, const std::string& text) {
    double seconds = -1;
    const auto [end, reason] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (reason != std::errc() || end != text.data() + text.size() || !(seconds >= 0) || seconds > 1e9)
        throw Error(ErrorCode::usage, "the option '" + option + "' is a number of seconds, not '" + text + "'");
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

}  // namespace jl
