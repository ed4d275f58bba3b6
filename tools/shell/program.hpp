// What jlpack and jlunpack do alike: exit status, error lines, the command line.
//
//     int main(int argc, char** argv) { return jl::shell::run("jlpack", [&] { …; return jl::shell::success; }); }
//
// An error is one line on standard error that begins with the program's name. Texts that come from files are shown
// with escapes, so that no terminal obeys them.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include <jl/error.hpp>

namespace CLI {
class App;
}

namespace jl::shell {

inline constexpr int success = 0;
inline constexpr int wrong_data = 1;
inline constexpr int failure = 2;  // wrong usage, or the system refused

int status_of(ErrorCode code) noexcept;
void complain(std::string_view program, std::string_view message);
// The status that `work` returns, or the one of what it throws, after a line that says what.
int run(std::string_view program, const std::function<int()>& work);
// A status when the program is to end here: help or version were asked for, or the usage is wrong.
std::optional<int> parse(CLI::App& app, int argc, const char* const* argv);
void add_version(CLI::App& app);

}  // namespace jl::shell
