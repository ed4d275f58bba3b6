#include <chrono>
#include <cstdio>
#include <memory>
#include <unistd.h>

#include <jl/progress.hpp>

namespace jl {

namespace {

class Bar {
  public:
    explicit Bar(std::string label) : label_(std::move(label)) {}

    void show(const Progress& progress) {
        const auto now = Clock::now();
        if (!progress.finished && now - shown_ < std::chrono::milliseconds(50)) return;
        shown_ = now;
        const double seconds = std::chrono::duration<double>(now - start_).count();
        const double megabytes = static_cast<double>(progress.done) / 1e6;
        std::string line = "\r" + label_ + (label_.empty() ? "" : " ");
        if (progress.total > 0) line += bar(static_cast<double>(progress.done) / static_cast<double>(progress.total));
        char numbers[64];
        std::snprintf(numbers, sizeof numbers, " %9.1f MB %8.1f MB/s\x1b[K", megabytes,
                      seconds > 0 ? megabytes / seconds : 0.0);
        std::fprintf(stderr, "%s%s%s", line.c_str(), numbers, progress.finished ? "\n" : "");
        std::fflush(stderr);
    }

  private:
    using Clock = std::chrono::steady_clock;

    static std::string bar(double share) {
        constexpr int width = 30;
        const int full = static_cast<int>(share * width);
        std::string text = "[";
        for (int i = 0; i < width; ++i) text += i < full ? '=' : i == full ? '>' : ' ';
        return text + "]";
    }

    std::string label_;
    Clock::time_point start_ = Clock::now();
    Clock::time_point shown_{};
};

}  // namespace

ProgressCallback progress_bar(std::string label) {
    if (::isatty(STDERR_FILENO) == 0) return {};
    return [bar = std::make_shared<Bar>(std::move(label))](const Progress& progress) { bar->show(progress); };
}

}  // namespace jl
