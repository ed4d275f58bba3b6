#include "codec/ratio.hpp"

#include <string>

#include <jl/error.hpp>

namespace jl::detail {

void require_ratio(std::uint64_t decoded, std::uint64_t encoded, double ratio) {
    constexpr std::uint64_t free_bytes = std::uint64_t{1} << 20;
    if (ratio <= 0 || decoded <= free_bytes) return;
    if (static_cast<double>(decoded) <= ratio * static_cast<double>(encoded)) return;
    std::string limit = std::to_string(ratio);
    limit.erase(limit.find_last_not_of('0') + 1);
    if (limit.back() == '.') limit.pop_back();
    throw Error(ErrorCode::limit, "Limits::ratio: " + std::to_string(decoded) + " bytes from " +
                                      std::to_string(encoded) + " compressed ones, the limit is " + limit + " to 1");
}

}  // namespace jl::detail
