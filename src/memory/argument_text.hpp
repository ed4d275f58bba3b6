// One argument of a call as people read it: Python's notation, arrays as numpy shows them, bounded in length and cost.
//
//     argument_text([&](Emitter& out) { jl::emit(out, value); }) == "{'a': 1, 'b': [1, 2]}"
//
// As joblib: what is longer than 1500 characters is cut to 700 and "...". Stops the emission when there is enough.
#pragma once

#include <functional>
#include <string>

#include <jl/emitter.hpp>

namespace jl {

std::string argument_text(const std::function<void(Emitter&)>& write);

}  // namespace jl
