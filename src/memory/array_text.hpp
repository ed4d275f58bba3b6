// An array as joblib shows arguments: numpy's repr with precision 6, what is longer than 64 items cut to its corners.
//
//     array_text(event) == "array([[0., 0., 1.],\n       [1., 1., 1.]])"      "array([ 0., ..., 99.], shape=(100,))"
//
// Reads only the items that it shows.
#pragma once

#include <string>

#include <jl/emitter.hpp>

namespace jl {

std::string array_text(const ArrayEvent& event);

}  // namespace jl
