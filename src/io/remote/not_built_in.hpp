// What a store says that this build of jl has no library for.
#pragma once

#include <string>

#include <jl/error.hpp>
#include <jl/url.hpp>

namespace jl::detail {

[[noreturn]] inline void fail_not_built_in(const std::string& url, const std::string& module) {
    throw Error(ErrorCode::unsupported,
                "this jl is built without the module " + module + ": build it with -DJL_WITH_" + module + "=ON")
        .in_file(shown_url(url));
}

}  // namespace jl::detail
