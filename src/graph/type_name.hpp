// A C++ type as the program spells it, for messages.
#pragma once

#include <string>
#include <typeinfo>

namespace jl {

std::string type_name(const std::type_info& type);

}  // namespace jl
