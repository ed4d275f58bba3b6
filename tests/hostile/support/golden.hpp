// Small files with something of everything in them, whole, and what a damaged one may do: an error, or the same value.
//
//     for (const Golden& golden : golden_files()) …      EXPECT_TRUE(harmless(golden, damaged_bytes));
#pragma once

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace jl::test {

struct Golden {
    std::string name;
    std::string bytes;
    std::string value;  // the same for equal values
};

// A dozen, raw, gzip and zlib, of a few hundred bytes to 2 KiB each.
std::vector<Golden> golden_files();

// load<Value> from memory and as a stream, and verify of a file: an error of jl, or the value of the whole file.
testing::AssertionResult harmless(const Golden& golden, std::string_view bytes, const std::string& scratch_file);

}  // namespace jl::test
