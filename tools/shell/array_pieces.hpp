// The payload of an array in pieces of bounded size, wherever it lies: in memory, in a map, or still in the file.
//
//     for_each_piece(array, [&](std::span<const std::byte> bytes) { sink.write(bytes); });
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include <jl/value.hpp>

namespace jl::shell {

// Items in the array's own order and dtype. Error{checksum} where the file's payload is damaged.
void for_each_piece(const Value& array, const std::function<void(std::span<const std::byte>)>& take);

}  // namespace jl::shell
