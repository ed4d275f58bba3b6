// The cases of codecs.py, named WORK:DATA:CODEC:LEVEL:THREADS.
//
//     dump:faces:gzip:3:2    load:faces:shuffle+zstd:3:1    jl, to and from a file
//     encode:faces:zstd:3:1  decode:faces:zstd:3:1          the codec's library alone, one thread, memory to memory
#pragma once

#include <map>
#include <string>

#include "protocol.hpp"

namespace compare {

void add_codec_cases(std::map<std::string, Prepare>& all, const std::string& folder);

}  // namespace compare
