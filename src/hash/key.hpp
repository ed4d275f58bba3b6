// The last step of a hash: few bytes that stand for the whole value become the key.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace jl::detail {

// Error{usage} unless the name is one of "md5", "sha1", "xxh3_128".
void require_hash_name(std::string_view name);

// Hex digits, lower case. Error{unsupported} where the library behind the name is not built in.
std::string key_of(std::span<const std::byte> bytes, std::string_view hash_name);

}  // namespace jl::detail
