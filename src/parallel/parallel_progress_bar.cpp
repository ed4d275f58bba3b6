#include <cstdio>
#include <memory>

#include <jl/parallel_options.hpp>

#include "persist/terminal_bar.hpp"

namespace jl {

std::function<void(const ParallelProgress&)> parallel_progress_bar(std::string label) {
    if (!TerminalBar::is_seen()) return {};
    return [bar = std::make_shared<TerminalBar>(std::move(label))](const ParallelProgress& progress) {
        std::optional<double> share;
        if (progress.total > 0) share = static_cast<double>(progress.done) / static_cast<double>(progress.total);
        bar->show(share, progress.finished, [&](double seconds) {
            const std::string whole = progress.total > 0 ? " of " + std::to_string(progress.total) : "";
            char rate[32];
            std::snprintf(rate, sizeof rate, " %.3g tasks/s",
                          seconds > 0 ? static_cast<double>(progress.done) / seconds : 0.0);
            return std::to_string(progress.done) + whole + rate;
        });
    };
}

}  // namespace jl
