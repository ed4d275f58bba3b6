#include "parallel/progress_lines.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <iostream>

namespace jl {
namespace {

std::string number(std::uint64_t value, int width) {
    char text[32];
    std::snprintf(text, sizeof text, "%*llu", width, static_cast<unsigned long long>(value));
    return text;
}

int width_of(std::optional<std::uint64_t> total) {
    return total && *total > 0 ? static_cast<int>(std::to_string(*total).size()) : 3;
}

// While tasks are still taken: ever fewer lines as it goes on, all of them above 10.
bool is_left_out(std::uint64_t batches, int verbose) {
    if (verbose > 10) return false;
    if (batches == 0) return false;
    const double scale = 0.5 * (11 - verbose) * (11 - verbose);
    const auto step = [&](std::uint64_t index) {
        return static_cast<int>(std::sqrt(static_cast<double>(index) / scale));
    };
    return step(batches + 1) == step(batches);
}

}  // namespace

void ProgressLines::begin(std::string_view backend) const {
    if (setup_.verbose > 0 && setup_.workers > 1)
        print("Using backend " + std::string(backend) + " with " + std::to_string(setup_.workers) +
              " concurrent workers.");
}

void ProgressLines::report(const State& state) const {
    if (setup_.verbose <= 0) return;
    const int width = width_of(state.total);
    const std::string time = "| elapsed: " + time_text(elapsed());
    if (!state.all_taken) {
        if (is_left_out(state.batches, setup_.verbose)) return;
        if (state.total)
            return print("Done " + number(state.done, width) + " out of " + number(*state.total, width) + ' ' + time);
        const std::string room(
            std::string_view("out of ").size() + static_cast<std::size_t>(width) - std::string_view("tasks").size(),
            ' ');
        return print("Done " + number(state.done, width) + " tasks " + room + time);
    }
    if (state.done + 1 >= state.taken) return;  // joblib's way; the end is told by finish()
    const std::int64_t cursor =
        static_cast<std::int64_t>(state.taken - state.done + 1) - static_cast<std::int64_t>(setup_.pre_dispatch);
    const std::int64_t frequency =
        static_cast<std::int64_t>(state.taken / static_cast<std::uint64_t>(setup_.verbose)) + 1;
    if (state.done > 0 && cursor % frequency != 0) return;
    const double remaining = elapsed() / static_cast<double>(std::max<std::uint64_t>(state.done, 1)) *
                             static_cast<double>(state.taken - state.done);
    print("Done " + number(state.done, width) + " out of " + number(state.taken, width) + ' ' + time +
          " remaining: " + time_text(remaining));
}

void ProgressLines::report_batch_size(double seconds, std::size_t before, std::size_t now) const {
    if (setup_.verbose < 10) return;
    char digits[32];
    const std::string time(digits, std::to_chars(digits, digits + sizeof digits, seconds).ptr);
    print(std::string("Batch computation too ") + (now > before ? "fast" : "slow") + " (" + time +
          "s.) Setting batch_size=" + std::to_string(now) + '.');
}

void ProgressLines::finish(std::uint64_t done, std::optional<std::uint64_t> total) const {
    if (setup_.verbose <= 0) return;
    const int width = width_of(total);
    print("Done " + number(done, width) + " out of " + number(done, width) + " | elapsed: " + time_text(elapsed()) +
          " finished");
}

std::string ProgressLines::time_text(double seconds) {
    char text[32];
    if (seconds > 60)
        std::snprintf(text, sizeof text, "%4.1fmin", seconds / 60);
    else
        std::snprintf(text, sizeof text, " %5.1fs", seconds);
    return text;
}

double ProgressLines::elapsed() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

void ProgressLines::print(const std::string& text) const {
    const std::string line = "[Parallel(n_jobs=" + std::to_string(setup_.asked) + ")]: " + text;
    if (setup_.log) return setup_.log(line);
    std::ostream& out = setup_.verbose < 50 ? std::cerr : std::cout;
    out << line + '\n' << std::flush;
}

}  // namespace jl
