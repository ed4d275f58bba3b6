// One object in order, of which nothing is kept: arrays are stepped over, a trailer is compared with the graph.
//
//     PassedObject passed = pass_object(in, limits);     passed.format == "joblib"     // `in` stands right behind it
#pragma once

#include <string>

#include "persist/load_forward.hpp"

namespace jl {

struct PassedObject {
    detail::Loaded loaded;
    std::string format;  // as in FileInfo
};

PassedObject pass_object(Input& in, const Limits& limits);

}  // namespace jl
