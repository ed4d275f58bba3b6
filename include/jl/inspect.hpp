// What a file is, without loading it, and its bytes without their compression.
//
//     jl::FileInfo info = jl::inspect("model.pkl.gz");     info.format == "jl 1.0"   info.codec == "gzip"
//     jl::decode("model.pkl.gz", sink);                    // what gunzip would write; checksums of the codec are
//     compared
//
// Thread-safe. Errors are jl::Error naming the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <jl/limits.hpp>
#include <jl/progress.hpp>
#include <jl/sink.hpp>

namespace jl {

struct FileInfo {
    std::string
        format;  // "jl 1.0", "joblib" (0.10 and later), "joblib-0.9" (before), "pickle" (no arrays), "npy", "npz"
    std::string codec;  // "none", "gzip", "zlib", …
    // Plain jl files: how many containers follow one another (a load takes the first); 0 where the chain of their
    // footers is broken, by an object of joblib's or a torn end: contents_of (contents.hpp) tells which. All others: 1.
    std::uint64_t containers = 1;
};

struct InspectOptions {
    unsigned n_threads = 0;
    Limits limits = {};
};

// Reads jl files by their first bytes and footers, others up to their first array record. What is no pickle at all is
// called one: a load tells what is wrong with it. Error{version} for jl files that this version cannot read.
FileInfo inspect(const std::filesystem::path& path, const InspectOptions& options = {});

struct DecodeOptions {
    unsigned n_threads = 0;
    Limits limits = {};              // ratio
    ProgressCallback progress = {};  // decoded bytes; their total is not known
};

// Writes the decoded bytes of a file to `to`, with bounded memory; those of an uncompressed file are copied.
void decode(const std::filesystem::path& path, Sink& to, const DecodeOptions& options = {});

}  // namespace jl
