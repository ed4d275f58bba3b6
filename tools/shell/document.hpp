// A file opened for a tool, whatever its codec, with bounded memory: what it is, and the value in it.
//
//     Opened file = open_document("x.pkl.gz", {.n_threads = 2});   file.info.format   file.root
//
// Compressed files and pipes ("-" is standard input) are first decoded into a temporary file without a name; what is
// plain is read where it lies. Payloads are read when they are needed and compared with their checksums then, unless
// mapped. Errors name the file as it was given.
#pragma once

#include <memory>
#include <string>

#include <jl/inspect.hpp>
#include <jl/load.hpp>

#include "shell/temporary_file.hpp"

namespace jl::shell {

enum class Payloads : std::uint8_t { checked, mapped };  // mapped: the cheapest way to look at a few items

struct OpenOptions {
    std::string folder = {};  // of temporary files; empty: the usual one
    unsigned n_threads = 0;
    Payloads payloads = Payloads::checked;
    ProgressCallback progress = {};
};

struct Opened {
    std::string name;  // for messages: "standard input" for "-"
    FileInfo info;
    Value root;
};

Opened open_document(const std::string& path, const OpenOptions& options);
// `path` itself, or for "-" and pipes the path of what was read from there; `keep` owns it.
std::string regular_path(const std::string& path, const std::string& folder, std::unique_ptr<TemporaryFile>& keep);
// Runs `work`; errors about a path that no user knows name `name` instead.
void with_name(const std::string& name, const std::function<void()>& work);
std::string name_of_input(const std::string& path);

}  // namespace jl::shell
