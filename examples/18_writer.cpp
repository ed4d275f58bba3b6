// A file bigger than memory, written row after row, with small values beside the array.
#include <iostream>
#include <vector>
#include <xtensor/xview.hpp>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

int main() {
    constexpr std::uint64_t rows = 100'000, columns = 512, at_once = 1'000;  // 200 MB, 2 MB at once

    jl::Writer writer("huge.pkl");                         // streaming: bigger than memory
    auto out = writer.array<float>("x", {rows, columns});  // shape known; rows are appended in chunks
    std::vector<float> chunk(at_once * columns);
    for (std::uint64_t row = 0; row < rows / 2; row += at_once) {
        for (std::size_t i = 0; i < chunk.size(); ++i) chunk[i] = static_cast<float>(row + i / columns);
        out.append(chunk);  // any contiguous span or xtensor expression
    }
    const xt::xarray<float> ramp = xt::arange<float>(0, at_once).reshape({at_once, std::uint64_t{1}});
    const xt::xarray<float> ones = xt::ones<float>({at_once, columns});
    for (std::uint64_t row = rows / 2; row < rows; row += at_once) out.append(ones * (ramp + static_cast<float>(row)));

    auto events = writer.array<std::int64_t>("events", {jl::unknown, 2});  // as many as come: files only
    for (std::int64_t i = 0; i < 1'000; i += 1 + i % 7) events.append(std::array<std::int64_t, 2>{i, i * i});
    writer.value("columns", std::vector<std::string>{"time", "square"});
    writer.close();  // {"x": array, …} for every reader

    const jl::File file("huge.pkl");
    for (const jl::ArrayEntry& array : file.arrays()) std::cout << array.path << ' ' << array.nbytes << '\n';
    const auto last = file.slice<float>("x", rows - 1, rows);
    std::cout << "the last row begins with " << last(0, 0) << ", " << events.rows() << " events\n";
    return last(0, 511) == static_cast<float>(rows - 1) && jl::verify("huge.pkl").ok() ? 0 : 1;
}
