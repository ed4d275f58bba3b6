// What follows the last whole object of a file.
#pragma once

#include "shell/document.hpp"

namespace jl::unpack {

// Says on standard error why it is no object; false where nothing follows.
bool told_torn(const shell::Objects& objects);

}  // namespace jl::unpack
