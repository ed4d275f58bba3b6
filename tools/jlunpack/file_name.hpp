// Where the array of a path is extracted to: a relative file name that stays inside its folder, whatever the keys are.
//
//     FileNames names;   names.name_of("/layers/0/w") == {"layers", "0", "w.npy"}
//
// '%' and '/' of keys stand as in the path; control characters, bytes that are no UTF-8, and names that are taken by
// the system or by jlunpack ("..", "tree.json", folders ending in ".npy") are %XX as well. A second array of the same
// path, as keys 3 and '3' have, gets "~2". Components too long for a file system end in a hash.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace jl::unpack {

class FileNames {
  public:
    std::vector<std::string> name_of(std::string_view path);

  private:
    std::unordered_set<std::string> used_;
};

}  // namespace jl::unpack
