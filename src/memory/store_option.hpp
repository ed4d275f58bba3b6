// What a store's option says.
//
//     seconds_from("recheck", "0.5") == 500 ms      // Error{usage} naming the option for anything else
#pragma once

#include <chrono>
#include <string>

namespace jl {

std::chrono::milliseconds seconds_from(const std::string& option, const std::string& text);

}  // namespace jl
