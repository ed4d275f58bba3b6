// What jl::expires_after makes: a callback that can be told apart from those that only their program knows.
#pragma once

#include <jl/call_metadata.hpp>

namespace jl {

struct ExpiresAfter {
    std::chrono::microseconds age;
    bool operator()(const CallMetadata& call) const;
};

}  // namespace jl
