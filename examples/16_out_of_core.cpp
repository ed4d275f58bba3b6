// Statistics of every column of an array four times bigger than the memory that the program is allowed.
#include <algorithm>
#include <iostream>
#include <limits>
#include <sys/resource.h>
#include <vector>

#include <jl/jl.hpp>

namespace {

constexpr std::uint64_t rows = 262'144, columns = 256, at_once = 4'096;  // 512 MiB, 8 MiB at once
constexpr std::uint64_t allowed = std::uint64_t{128} << 20;

void write_array(const char* path) {
    jl::Writer writer(path, {.n_threads = 1});
    auto out = writer.array<double>("x", {rows, columns});
    std::vector<double> chunk(at_once * columns);
    for (std::uint64_t row = 0; row < rows; row += at_once) {
        for (std::size_t i = 0; i < chunk.size(); ++i)
            chunk[i] = static_cast<double>(row + i / columns) + static_cast<double>(i % columns) / 1000;
        out.append(chunk);
    }
    writer.close();
}

}  // namespace

int main() {
    const rlimit limit{allowed, allowed};  // of everything: code, stack, memory, maps
    if (::setrlimit(RLIMIT_AS, &limit) != 0) return 1;
    write_array("big.pkl");

    // Read in pieces, not mapped: a map of the whole file would take address space.
    const jl::File file("big.pkl", {.mmap_mode = std::nullopt, .access = jl::Access::sequential, .n_threads = 1});
    std::vector<double> sum(columns), highest(columns, -std::numeric_limits<double>::infinity());
    for (const jl::Array<double>& part : file.chunks<double>("x", at_once)) {
        for (std::uint64_t row = 0; row < part.shape()[0]; ++row)
            for (std::uint64_t column = 0; column < columns; ++column) {
                sum[column] += part(row, column);
                highest[column] = std::max(highest[column], part(row, column));
            }
    }

    std::cout << "array of " << (file.find("x").nbytes >> 20) << " MiB, address space of " << (allowed >> 20)
              << " MiB\ncolumn 7: mean " << sum[7] / static_cast<double>(rows) << ", highest " << highest[7] << '\n';
    return highest[7] == static_cast<double>(rows - 1) + 0.007 ? 0 : 1;
}
