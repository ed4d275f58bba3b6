// datetime64 and timedelta64 as text: ISO 8601 to the unit's precision, and a count with its unit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jl::detail {

std::string datetime_text(std::int64_t value, std::string_view unit, std::int64_t unit_count);   // "2024-01-31T12"
std::string timedelta_text(std::int64_t value, std::string_view unit, std::int64_t unit_count);  // "25 s"

}  // namespace jl::detail
