// The tree of a file as JSON, in the form of the specification (json_tree.md): written as it is walked, at any depth.
//
//     write_json_tree(out, {"x.pkl", info, root});     {"file":"x.pkl","format":"jl 1.0","codec":"none","root":{…}}
#pragma once

#include <string>
#include <vector>

#include <jl/contents.hpp>
#include <jl/dtype.hpp>
#include <jl/value.hpp>

#include "shell/output.hpp"

namespace jl::shell {

struct Tree {
    std::string file;
    FileInfo info;
    Value root;
    std::uint64_t object = 1;              // which one the root is of,
    std::vector<ObjectInfo> objects = {};  // where there are several; none where the file is one
};

void write_json_tree(Output& out, const Tree& tree);
// One leaf: none, numbers, str, bytes, class, scalar, array of plain items.
std::string json_leaf(const Value& value, const std::string& path);
std::string json_dtype(const DType& dtype);

}  // namespace jl::shell
