// interop_row_writer OUT_DIR: files of jl::Writer and jl::create_mapped, for check_rows.py to read.
#include <filesystem>
#include <iostream>
#include <numeric>

#include <jl/jl.hpp>

namespace {

struct Point {
    std::int32_t id;
    double x;
};

std::vector<float> ramp(std::size_t count) {
    std::vector<float> items(count);
    std::iota(items.begin(), items.end(), 0.0F);
    return items;
}

void write_rows(const std::filesystem::path& path, std::uint64_t rows, const jl::DumpOptions& options = {}) {
    jl::Writer writer(path, options);
    auto x = writer.array<float>("x", {rows, 512});
    const std::vector<float> items = ramp(512 * 600);
    for (std::size_t row = 0; row < 600; row += 200)
        x.append(std::span<const float>(items).subspan(512 * row, 512 * 200));
    writer.value("name", std::string("run 7"));
    writer.array<Point>("points", {2}).append(std::vector<Point>{{1, 0.5}, {2, 1.5}});
    writer.value("scale", 0.5);
    writer.close();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const std::filesystem::path folder(argv[1]);
    try {
        std::filesystem::create_directories(folder);
        write_rows(folder / "known.pkl", 600);
        write_rows(folder / "unknown.pkl", jl::unknown);
        for (const char* name : {"known.pkl.gz", "known.pkl.bz2", "known.pkl.xz"}) write_rows(folder / name, 600);
        write_rows(folder / "shuffled.pkl.gz", 600, {.shuffle = true});
        auto mapped = jl::create_mapped<double>(folder / "mapped.pkl", {1'000, 100});
        std::iota(mapped.begin(), mapped.end(), 0.0);
        const jl::File named = jl::create_mapped(folder / "named.pkl", {{"a", jl::DType::of<std::int64_t>(), {5}},
                                                                        {"F", jl::DType::of<double>(), {2, 3}, 'F'}});
        named.array<std::int64_t>("a")(4) = 4;
        named.array<double>("F")(1, 2) = 12;
    } catch (const std::exception& error) {
        std::cerr << "interop_row_writer: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
