// Arrays to .npy files, piece by piece.
//
//     write_npy(value, "/weights", "w.npy");     write_npy(value, "/weights", "-");   // standard output
#pragma once

#include <functional>
#include <span>
#include <string>

#include <jl/value.hpp>

namespace jl::unpack {

using Take = std::function<void(std::span<const std::byte>)>;

// Header and items. Structures that .npy cannot describe are written as void items of the same size.
void put_npy(const Value& value, const Take& take);
// An array or numpy scalar; Error{usage} for anything else, naming the path. A file is replaced only when it is
// complete.
void write_npy(const Value& value, const std::string& path, const std::string& file);

}  // namespace jl::unpack
