// What this program is made of: itself and its shared libraries, as they lie in memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jl {

// What tells this program from another one, or from one that was built again. The first line is the program: the
// linker's build id, or which file it is and how it stands; a line for each library that has a build id: the id, its
// path.
std::string program_identity();

// Why a program of that identity is not this one: another build of it, or of a library that both have. Empty: it is.
std::string difference_from(std::string_view identity);

}  // namespace jl
