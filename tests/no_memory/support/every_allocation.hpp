// A piece of work whose every request of memory fails in turn.
#pragma once

#include <functional>
#include <string>

namespace jl::test {

// Runs `work` without a failure, then again and again with one more request of memory granted before one is refused:
// that one alone, then with all after it. `work` says whether what it got is right (a check of GoogleTest would want
// memory itself), or throws std::bad_alloc or what names it; `check` is what has to hold afterwards, however it ended.
// Of more than a thousand requests some are left out.
void with_every_allocation_failing(const std::string& name, const std::function<bool()>& work,
                                   const std::function<void(bool returned)>& check);

}  // namespace jl::test
