#include <charconv>

#include <jl/byte_size.hpp>
#include <jl/error.hpp>

namespace jl {
namespace {

constexpr double largest = 9.2e18;

[[noreturn]] void refuse(std::string_view text) {
    throw Error(ErrorCode::usage, "Invalid literal for size give: " + std::string(text) +
                                      " (type <class 'str'>) should be alike '10G', '500M', '50K'.");
}

double unit_of(std::string_view text) {
    switch (text.empty() ? '\0' : text.back()) {
        case 'K':
            return 1024.0;
        case 'M':
            return 1024.0 * 1024.0;
        case 'G':
            return 1024.0 * 1024.0 * 1024.0;
        default:
            refuse(text);
    }
}

}  // namespace

ByteSize::ByteSize(std::string_view text) {
    const double unit = unit_of(text);
    const char* const end = text.data() + text.size() - 1;
    double number = 0;
    const auto [behind, problem] = std::from_chars(text.data(), end, number);
    if (problem != std::errc() || behind != end || !(number >= 0) || number * unit > largest) refuse(text);
    bytes_ = static_cast<std::uint64_t>(number * unit);
}

void ByteSize::require_positive(std::int64_t bytes) {
    if (bytes < 0) throw Error(ErrorCode::usage, "a size of " + std::to_string(bytes) + " bytes is less than nothing");
}

}  // namespace jl
