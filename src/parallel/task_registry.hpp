// What a worker process looks up, and what its tasks threw.
#pragma once

#include <string>
#include <string_view>

#include <jl/detail/task_registry.hpp>

namespace jl {

// By the name for other processes. Error{missing} for one that nobody registered here.
detail::DecodeTasks find_task(std::string_view name);

// "std::runtime_error: the matrix is singular".
std::string description_of_current_exception();

}  // namespace jl
