// Tasks that no other process could be sent: a lambda with captures, over an object that nobody can write down.
// Children of fork() find both where they are here, without a copy; what the tasks return comes back.
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <vector>

#include <jl/jl.hpp>

// Knows no way into a file.
class Grid {
  public:
    explicit Grid(std::size_t rows) : rows_(rows), cells_(rows * 1'000) {
        std::iota(cells_.begin(), cells_.end(), 0.0);
    }
    Grid(const Grid&) = delete;
    Grid& operator=(const Grid&) = delete;
    double sum_of_row(std::size_t row) const {
        const double* const first = cells_.data() + row % rows_ * 1'000;
        return std::accumulate(first, first + 1'000, 0.0);
    }

  private:
    std::size_t rows_;
    std::vector<double> cells_;
};

int main() {                 // no jl::init: children begin where they are forked
    const Grid grid(4'000);  // 32 MB, which no task is sent
    int calls = 0;
    const auto sum_of_row = [&](int row) {
        ++calls;  // in the child: here it stays as it is
        return grid.sum_of_row(static_cast<std::size_t>(row));
    };

    // The program must have one thread when it begins; with more of them it says so, and that "multiprocessing" is for
    // them.
    const std::vector<int> rows{0, 1, 2, 3'999};
    const auto sums = jl::Parallel({.n_jobs = 2, .backend = "fork"}).map(rows, sum_of_row);
    for (const double sum : sums) std::cout << sum << '\n';
    std::cout << calls << " calls here\n";

    // A task that crashes takes nobody with it.
    const auto outcomes = jl::Parallel({.n_jobs = 2, .backend = "fork"}).outcomes(rows, [&](int row) {
        if (row == 2) std::abort();
        return sum_of_row(row);
    });
    for (const auto& outcome : outcomes) std::cout << (outcome ? "done\n" : "lost\n");
    const bool as_said = sums.front() == 499'500 && calls == 0 && outcomes[1] && !outcomes[2] && outcomes[3];
    return as_said ? 0 : 1;
}
