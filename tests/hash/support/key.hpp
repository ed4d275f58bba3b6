// The key of a value, by the one hash that needs no further library.
//
//     EXPECT_EQ(key(1), key(1L));
#pragma once

#include <string>

#include <jl/hash.hpp>

namespace jl::test {

template <class T>
std::string key(const T& value, unsigned n_threads = 0) {
    return hash(value, {.hash_name = "xxh3_128", .n_threads = n_threads});
}

}  // namespace jl::test
