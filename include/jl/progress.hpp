// Progress of long work, to a callback of the caller or a bar on the terminal.
//
//     jl::dump(obj, "x.pkl.gz", {.progress = jl::progress_bar()});
//
// Called from the thread that called dump or load, at most every 50 ms and once at the end. What it throws ends the
// work with that error.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace jl {

struct Progress {
    std::uint64_t done = 0;   // payload bytes so far
    std::uint64_t total = 0;  // 0: not known
    bool finished = false;
};

using ProgressCallback = std::function<void(const Progress&)>;

// A bar on standard error, where that is a terminal; nothing elsewhere. `label` stands before it.
ProgressCallback progress_bar(std::string label = {});

}  // namespace jl
