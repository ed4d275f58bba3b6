// Whether what lies in a folder may have been put there by anybody.
//
//     if (is_doubtful("/tmp/joblib")) …      // another user's, and all may write to it
#pragma once

#include <string>
#include <sys/types.h>

namespace jl {

// Not the superuser's, nor that of `user`, and writable for all.
bool is_doubtful(uid_t owner, mode_t mode, uid_t user) noexcept;
bool is_doubtful(const std::string& folder) noexcept;  // false: it is not there

}  // namespace jl
