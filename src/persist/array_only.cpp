#include "persist/array_only.hpp"

#include <string>

#include <jl/error.hpp>

namespace jl {

void ArrayOnly::refuse(const char* kind) {
    throw Error(ErrorCode::type, "an array is needed, " + std::string(kind) + " is there");
}

void ArrayOnly::begin(Container container, std::uint64_t) {
    static constexpr const char* kinds[] = {"a list", "a tuple", "a set", "a frozenset", "a dict"};
    refuse(kinds[static_cast<std::size_t>(container)]);
}

}  // namespace jl
