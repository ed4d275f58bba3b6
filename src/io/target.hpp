// What a file name to be written stands for: nothing yet, a regular file to be replaced, or something to be written in
// place.
//
//     Target target = find_target("latest.pkl");    // a link: target.path is what it points to
//
// Symbolic links are followed, also dangling ones. Error{io} for folders, for files that must not be written, for
// endless links.
#pragma once

#include <string>
#include <sys/types.h>

namespace jl::detail {

struct Target {
    enum class Kind { absent, regular, device, descriptor };
    Kind kind = Kind::absent;
    std::string path;
    int descriptor = -1;  // kind descriptor: /dev/stdout, /dev/fd/3
    mode_t mode = 0;      // kind regular: permission bits
    uid_t owner = 0;      // kind regular
    gid_t group = 0;      // kind regular
};

Target find_target(const std::string& path);

std::string folder_of(const std::string& path);  // "." where the path names none

// ".<name>.<pid>-<random>.tmp" in the folder of `path`.
std::string temporary_beside(const std::string& path);

}  // namespace jl::detail
