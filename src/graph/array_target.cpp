#include <jl/detail/array_target.hpp>

#include "array/layout.hpp"

namespace jl::detail {

std::string shape_text(std::span<const std::uint64_t> shape) { return to_string(shape); }

void fail_rank(const Record& in, std::size_t wanted) {
    in.fail(ErrorCode::type, "an array of " + std::to_string(wanted) + (wanted == 1 ? " dimension" : " dimensions") +
                                 " is needed, one of shape " + to_string(in.array().shape()) + " is there");
}

void fail_shape(const Record& in, const std::string& wanted, std::span<const std::uint64_t> shape) {
    in.fail(ErrorCode::range, wanted + " is needed, one of shape " + to_string(shape) + " is there");
}

}  // namespace jl::detail
