// Adds a container behind those of an uncompressed jl file.
//
//     append_package(package, "log.pkl", {.n_threads = 2});
//
// The file is locked meanwhile. After a failure it is as it was; a program that is killed leaves a tail that loads step
// over and `jlunpack --verify` tells.
#pragma once

#include <string>

#include <jl/dump.hpp>

#include "shell/package.hpp"

namespace jl::pack {

void append_package(const shell::Package& package, const std::string& path, const DumpOptions& options);

}  // namespace jl::pack
