#include "persist/terminal_bar.hpp"

#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace jl {
namespace {

std::string bar(double share) {
    constexpr int width = 30;
    const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * width);
    std::string text = "[";
    for (int i = 0; i < width; ++i) text += i < full ? '=' : i == full ? '>' : ' ';
    return text + "]";
}

}  // namespace

bool TerminalBar::is_seen() noexcept { return ::isatty(STDERR_FILENO) != 0; }

void TerminalBar::show(std::optional<double> share, bool finished, const std::function<std::string(double)>& numbers) {
    const auto now = Clock::now();
    if (!finished && now - shown_ < std::chrono::milliseconds(50)) return;
    shown_ = now;
    std::string line = "\r" + label_ + (label_.empty() ? "" : " ");
    if (share) line += bar(*share);
    line += ' ' + numbers(std::chrono::duration<double>(now - start_).count());
    std::fprintf(stderr, "%s\x1b[K%s", line.c_str(), finished ? "\n" : "");
    std::fflush(stderr);
    if (finished) start_ = now, shown_ = {};
}

}  // namespace jl
