// How many threads numeric libraries may start inside of a task that runs on a thread of this process.
#pragma once

#include <array>
#include <optional>

namespace jl {

// Limits the calling thread until its end, where the library keeps a number for each thread that calls it: OpenMP, MKL.
// Others, OpenBLAS with threads of its own among them, and those that nobody has loaded for the whole program, are left
// alone.
class InnerThreads {
  public:
    explicit InnerThreads(std::optional<int> most) noexcept;  // none: no limit, nothing happens
    InnerThreads(const InnerThreads&) = delete;
    InnerThreads& operator=(const InnerThreads&) = delete;
    ~InnerThreads();

  private:
    std::array<std::optional<int>, 2> before_;
};

}  // namespace jl
