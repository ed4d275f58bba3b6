// Arrays that joblib before 0.10 kept in files of their own beside the pickle.
//
// The pickle names them; who loads it knows where it lies. The name is a claim: whoever opens it takes nothing but the
// name of a file in the pickle's own folder.
#pragma once

#include <string>

#include "pickle/document.hpp"

namespace jl {

class Companions {
  public:
    virtual ~Companions() = default;
    // The array of a .npy.
    virtual Cell array(const std::string& name, Document& document) = 0;
    // The items of an array, decoded from a .npy.z.
    virtual Buffer items(const std::string& name) = 0;
};

}  // namespace jl
