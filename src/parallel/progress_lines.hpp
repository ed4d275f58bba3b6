// joblib's lines of progress.
//
//     [Parallel(n_jobs=3)]: Done   2 out of   6 | elapsed:    0.0s remaining:    0.0s
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace jl {

class ProgressLines {
  public:
    struct State {
        std::uint64_t done = 0, taken = 0;   // tasks
        std::uint64_t batches = 0;           // taken
        std::optional<std::uint64_t> total;  // tasks, where the range knows
        bool all_taken = false;
    };

    struct Setup {
        int verbose = 0;
        int asked = 1;                                   // n_jobs as the caller said it
        int workers = 1;                                 // what that comes to
        std::uint64_t pre_dispatch = 0;                  // batches; 0: all
        std::function<void(std::string_view)> log = {};  // empty: standard error, from 50 on standard output
    };
    explicit ProgressLines(Setup setup) : setup_(std::move(setup)) {}

    void begin(std::string_view backend) const;
    // After a batch.
    void report(const State& state) const;
    // After a batch of so many seconds: those to come have another size.
    void report_batch_size(double seconds, std::size_t before, std::size_t now) const;
    // After the last one.
    void finish(std::uint64_t done, std::optional<std::uint64_t> total) const;

    // " 12.3s", or minutes from one on.
    static std::string time_text(double seconds);

  private:
    double elapsed() const;
    void print(const std::string& text) const;

    Setup setup_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace jl
