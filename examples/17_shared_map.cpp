// Two processes work on one array: each sees what the other writes, and the file is whole at the end.
#include <iostream>
#include <numeric>
#include <sys/wait.h>
#include <unistd.h>

#include <jl/jl.hpp>

namespace {

constexpr std::uint64_t rows = 1'000, columns = 100;

// One half of the rows, in place.
void fill_half(std::uint64_t begin) {
    const jl::File file("shared.pkl", {.mmap_mode = jl::MmapMode::r_plus});
    auto half = file.slice<double>("/", begin, begin + rows / 2);
    std::iota(half.begin(), half.end(), static_cast<double>(begin * columns));
}  // the last one to close it makes the checksums fresh

}  // namespace

int main() {
    { auto mapped = jl::create_mapped<double>("shared.pkl", {rows, columns}); }  // w+: zeros, to be filled in place

    const pid_t child = ::fork();
    if (child == 0) {
        fill_half(0);
        ::_exit(0);
    }
    fill_half(rows / 2);
    int status = 0;
    ::waitpid(child, &status, 0);

    const auto all = jl::load<jl::Array<double>>("shared.pkl", {.mmap_mode = jl::MmapMode::r});
    std::cout << "first " << all(0, 1) << ", last " << all(rows - 1, columns - 1) << '\n';
    return status == 0 && all(0, 1) == 1 && all(rows - 1, columns - 1) == rows * columns - 1 &&
                   jl::verify("shared.pkl").ok() && !jl::verify("shared.pkl").modified_in_place()
               ? 0
               : 1;
}
