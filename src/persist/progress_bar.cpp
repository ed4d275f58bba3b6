#include <cstdio>
#include <memory>

#include <jl/progress.hpp>

#include "persist/terminal_bar.hpp"

namespace jl {

ProgressCallback progress_bar(std::string label) {
    if (!TerminalBar::is_seen()) return {};
    return [bar = std::make_shared<TerminalBar>(std::move(label))](const Progress& progress) {
        std::optional<double> share;
        if (progress.total > 0) share = static_cast<double>(progress.done) / static_cast<double>(progress.total);
        bar->show(share, progress.finished, [&](double seconds) {
            const double megabytes = static_cast<double>(progress.done) / 1e6;
            char text[64];
            std::snprintf(text, sizeof text, "%9.1f MB %8.1f MB/s", megabytes, seconds > 0 ? megabytes / seconds : 0.0);
            return std::string(text);
        });
    };
}

}  // namespace jl
