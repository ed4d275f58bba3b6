// One result into its store: output and metadata, all or nothing.
//
//     call = keep_result(function, parts, id, std::move(call), [&] { return seconds_since(start); });
//
// Errors are the store's, and those of a result that cannot be told.
#pragma once

#include <functional>

#include <jl/detail/cached_call.hpp>

namespace jl::detail {

// `call` completed by duration (asked when the output is written), time and size.
CallMetadata keep_result(const FunctionState& function, const CallParts& parts, const EntryId& id, CallMetadata call,
                         const std::function<double()>& seconds);

}  // namespace jl::detail
