// Another container behind the objects of a file.
//
//     append_to_path("log.pkl", options, [&](Sink& sink) { … });
//
// Uncompressed files alone: nothing may follow a compressed stream that joblib reads. The end must be whole.
#pragma once

#include <functional>
#include <string>

#include <jl/dump.hpp>

namespace jl::detail {

void append_to_path(const std::string& name, const DumpOptions& options, const std::function<void(Sink&)>& write);

}  // namespace jl::detail
