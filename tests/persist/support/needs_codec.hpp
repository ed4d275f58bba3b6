// Skips a test of a codec that is not built in; a skipped test fails where everything is required.
//
//     JL_NEEDS_CODEC(path, options);      // what a dump there would take
#pragma once

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include <jl/dump.hpp>
#include <jl/error.hpp>

namespace jl::test {

// Why a dump there is refused: its codec's name is in it. Empty where it is not.
inline std::string missing_codec(const std::string& path, const DumpOptions& options) {
    try {
        dump(std::vector<double>(1'000), path, options);
        return "";
    } catch (const Error& error) {
        if (std::string_view(error.what()).find("is not built into this jl") == std::string_view::npos) throw;
        return error.what();
    }
}

}  // namespace jl::test

#define JL_NEEDS_CODEC(path, options) \
    if (const std::string why = jl::test::missing_codec(path, options); !why.empty()) GTEST_SKIP() << why
