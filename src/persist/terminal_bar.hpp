// A bar on standard error, redrawn in its place.
//
//     label [=====>                        ]     1.5 MB     30.1 MB/s
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace jl {

class TerminalBar {
  public:
    explicit TerminalBar(std::string label) : label_(std::move(label)) {}

    // Whether standard error is a terminal.
    static bool is_seen() noexcept;
    // `share`: done of the whole, 0 to 1, where that is known. `numbers`: what stands behind the bar, from the seconds
    // since the bar was made or finished. Draws at most every 50 ms, and when it is finished.
    void show(std::optional<double> share, bool finished, const std::function<std::string(double)>& numbers);

  private:
    using Clock = std::chrono::steady_clock;

    std::string label_;
    Clock::time_point start_ = Clock::now();
    Clock::time_point shown_{};
};

}  // namespace jl
