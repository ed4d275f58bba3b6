// What is known of a call whose result is kept: when it was made, how long it took, of what.
//
//     auto f = mem.cache("features", extract, {.cache_validation_callback =
//     jl::expires_after(std::chrono::hours(24))}); .cache_validation_callback = [](const jl::CallMetadata& call) {
//     return call.duration > 1.0; }
//
// Beside the result as metadata.json, with joblib's names: duration, input_args, time. Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jl {

struct CallMetadata {
    std::string function = {};
    std::string version = {};
    double duration = 0;                              // seconds, of computing the result and writing it
    std::chrono::system_clock::time_point time = {};  // when it was written; 1970 where that is lost
    std::uint64_t output_bytes = 0;                   // of output.pkl
    std::vector<std::pair<std::string, std::string>> input_args = {};  // names and texts, cut where they are long

    std::string to_json() const;
    // nullopt: not an object of JSON; members that are missing or of other kinds are left empty.
    static std::optional<CallMetadata> from_json(std::string_view text);
};

// Whether a result may still be used; called at each hit. False: the entry is removed and computed anew.
using CacheValidationCallback = std::function<bool(const CallMetadata&)>;

// Results are used until they are `age` old. Error{usage} where that is negative.
CacheValidationCallback expires_after(std::chrono::microseconds age);

}  // namespace jl
