// A key for a value: equal values have equal keys, whatever their layout in memory, order of hashing, program, machine
// or day.
//
//     std::string key = jl::hash(obj);                                   // 32 hex digits, md5
//     std::string longer = jl::hash(obj, {.hash_name = "sha1"});         // 40
//
// Takes what jl::dump takes, and jl::Value: a value loaded without a type has the key of the typed value it came from.
// What counts is what dump would write: kinds, dtypes, shapes, names and values; docs/hash.md has the fine print (1 and
// 1.0 differ, 0.0 and -0.0 differ, an array in Fortran order has the key of the same array in C order). Arrays are read
// at memory speed on several cores, never copied as a whole. Keys are no signatures: whoever wants to can make two
// values of one key. Thread-safe on values that nobody changes. Error{unsupported} names a library that is not built
// in.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <jl/mapping.hpp>

namespace jl {

struct HashOptions {
    std::string_view hash_name = "md5";  // "md5", "sha1" or "xxh3_128"; Error{usage} for others
    unsigned n_threads = 0;              // 0: the cores available to the process
};

namespace detail {
// `write` tells the value, as it would for a dump.
std::string hash_events(const std::function<void(Emitter&)>& write, const HashOptions& options);
}  // namespace detail

template <class T>
std::string hash(const T& value, const HashOptions& options = {}) {
    return detail::hash_events([&](Emitter& out) { jl::emit(out, value); }, options);
}

}  // namespace jl
