// Other people's programs, run on files: what they print and how they end. A tool that is missing is a failure.
//
//     EXPECT_EQ(run_tool("gunzip -t " + quoted(path)).status, 0);
#pragma once

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/wait.h>

namespace jl::test {

struct ToolResult {
    int status = -1;     // of the shell: 127 when there is no such program
    std::string output;  // standard output and standard error
};

inline std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

inline ToolResult run_tool(const std::string& command) {
    std::FILE* const pipe = ::popen(("(" + command + ") 2>&1").c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("cannot start a shell");
    ToolResult result;
    std::array<char, 4096> piece{};
    while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), pipe)) {
        result.output.append(piece.data(), count);
    }
    const int status = ::pclose(pipe);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
}

}  // namespace jl::test
