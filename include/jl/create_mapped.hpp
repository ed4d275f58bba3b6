// New files of arrays that are filled in place through a map (numpy's w+), also bigger than memory.
//
//     auto x = jl::create_mapped<double>("scratch.pkl", {100000, 1000});      x(3, 4) = 1;    // zeros elsewhere
//     jl::File file = jl::create_mapped("two.pkl", {{"a", jl::DType::of<float>(), {1000, 8}},
//                                                   {"b", jl::DType::of<std::int64_t>(), {1000}}});
//     auto b = file.array<std::int64_t>("b");
//
// The file is there at once, complete, in the place of an old one, and all zeros; where the file system has sparse
// files it takes room as pages are written. Until the last array and the File are gone it is marked as modified in
// place: a process that is killed leaves a file that loads and that verify calls so. Then its checksums are fresh. A
// disk that is full when a page of a sparse file is written ends the program (SIGBUS): .reserve asks for the room
// first.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <jl/access.hpp>
#include <jl/array.hpp>
#include <jl/file.hpp>

namespace jl {

struct NewArray {
    std::string name;  // empty: the array is the file's one value
    DType dtype;
    std::vector<std::uint64_t> shape;
    char order = 'C';
};

struct CreateOptions {
    std::string name = {};  // create_mapped<T>: as NewArray's
    char order = 'C';       // create_mapped<T>: as NewArray's
    bool reserve = false;   // room on the disk for all of it now, or Error{io}
    Access access = Access::normal;
    bool huge_pages = false;
};

// {name: array, …} in the order given. Error{usage} for a name twice, or an empty one that is not alone.
File create_mapped(const std::filesystem::path& path, const std::vector<NewArray>& arrays,
                   const CreateOptions& options = {});

template <ArrayElement T>
Array<T> create_mapped(const std::filesystem::path& path, const std::vector<std::uint64_t>& shape,
                       const CreateOptions& options = {}) {
    const std::vector<NewArray> arrays{{options.name, DType::of<T>(), shape, options.order}};
    return create_mapped(path, arrays, options).template array<T>(options.name.empty() ? "/" : options.name);
}

}  // namespace jl
