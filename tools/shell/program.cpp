#include "shell/program.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <new>
#include <string>
#include <unistd.h>

#include "shell/output.hpp"
#include "shell/printable.hpp"

namespace jl::shell {

namespace {

// Told before anything that is missing: it is why.
std::string unknown_option(const CLI::App& app) {
    for (const std::string& argument : app.remaining())
        if (argument.size() > 1 && argument.front() == '-') return "there is no option " + argument;
    return {};
}

}  // namespace

int status_of(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::io:
        case ErrorCode::usage:
        case ErrorCode::missing:
        case ErrorCode::unsupported:
        case ErrorCode::version:
            return failure;
        default:
            return wrong_data;
    }
}

void complain(std::string_view program, std::string_view message) {
    std::string line = is_terminal(STDERR_FILENO) ? "\r\x1b[K" : "";  // over a progress bar that was not finished
    line += program;
    line += ": ";
    line += printable(message);
    line += '\n';
    std::fputs(line.c_str(), stderr);
}

int run(std::string_view program, const std::function<int()>& work) {
    try {
        return work();
    } catch (const Error& error) {
        complain(program, error.what());
        return status_of(error.code());
    } catch (const std::bad_alloc&) {
        complain(program, "out of memory");
    } catch (const std::exception& error) {
        complain(program, error.what());
    }
    return failure;
}

std::optional<int> parse(CLI::App& app, int argc, const char* const* argv) {
    try {
        app.parse(argc, argv);
        return std::nullopt;
    } catch (const CLI::Success& wanted) {
        app.exit(wanted, std::cout, std::cerr);
        std::cout.flush();
        return std::cout ? success : failure;
    } catch (const CLI::ParseError& wrong) {
        std::string reason = unknown_option(app);
        if (reason.empty()) reason = wrong.what();
        for (char& c : reason)
            if (c == '\n') c = ' ';
        complain(app.get_name(), reason + " (see --help)");
        return failure;
    }
}

void add_version(CLI::App& app) {
    app.set_version_flag("--version", app.get_name() + " " JL_TOOLS_VERSION " (format 1.0)");
}

}  // namespace jl::shell
