// Arrays and bytes of more than 4 GiB, dicts of a million pairs. Run by large.py, which is the other half:
//
//     jl_long_large write DIR     bytes.pkl, numbers.pkl, numbers.pkl.gz, text.pkl, dict.pkl, without holding what is
//     large jl_long_large read DIR      the same files as joblib wrote them: from_joblib.* jl_long_large reread DIR its
//     own files: mapped, sliced, verified
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xmath.hpp>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

namespace {

constexpr std::uint64_t giga = std::uint64_t{1} << 30;
constexpr std::uint64_t byte_count = 4 * giga + giga / 2 + 17;
constexpr std::uint64_t number_count = byte_count / 8;
constexpr int pairs = 1'000'000;

// Zeros but for the items near these, which say where they are.
constexpr std::uint64_t spots[] = {0, 1, 2 * giga - 1, 2 * giga, 4 * giga - 1, 4 * giga, 4 * giga + 1, byte_count - 1};
std::uint8_t item(std::uint64_t n) {
    for (std::uint64_t i = 0; i < std::size(spots); ++i)
        if (spots[i] == n) return static_cast<std::uint8_t>(i + 1);
    return 0;
}

// An array that is made while it is written.
struct Sparse {};

template <class Big>
struct Large {
    int before = 0;
    Big big;
    std::vector<std::int32_t> after;
};

void require(bool condition, const std::string& what) {
    if (!condition) throw std::runtime_error(what);
}

}  // namespace

template <>
struct jl::Mapping<Sparse> {
    static void emit(Emitter& out, const Sparse&) {
        const std::uint64_t shape[] = {byte_count};
        const auto fill = [](std::uint64_t first, std::span<std::byte> items) {
            std::ranges::fill(items, std::byte{0});
            for (const std::uint64_t spot : spots)
                if (spot >= first && spot - first < items.size())
                    items[static_cast<std::size_t>(spot - first)] = static_cast<std::byte>(item(spot));
        };
        out.array({DType::of<std::uint8_t>(), shape, 'C', {}, fill});
    }
};

namespace {

// KiB; 0 where the system does not tell.
std::uint64_t peak_memory() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6));
    return 0;
}

void write(const std::filesystem::path& folder) {
    const std::vector<std::int32_t> after{7, 8, 9};
    jl::dump(Large<Sparse>{1, {}, after}, folder / "bytes.pkl");
    const auto numbers = xt::arange<double>(0, static_cast<double>(number_count)) * 0.5;
    const Large<std::remove_cvref_t<decltype(numbers)>> large{1, numbers, after};
    jl::dump(large, folder / "numbers.pkl");
    jl::dump(large, folder / "numbers.pkl.gz", {.compress = {"gzip", 1}});
    std::printf("peak memory of 3 dumps of 4.5 GiB: %llu KiB\n", static_cast<unsigned long long>(peak_memory()));
    require(peak_memory() < (std::uint64_t{200} << 10), "the dumps took too much memory");

    std::map<int, std::string> dict;
    for (int i = 0; i < pairs; ++i) dict.emplace_hint(dict.end(), i, std::to_string(i));
    jl::dump(dict, folder / "dict.pkl");
    std::vector<std::byte> text(static_cast<std::size_t>(4 * giga + 1));
    text.front() = std::byte{1}, text.back() = std::byte{2};
    jl::dump(text, folder / "text.pkl");
}

template <class Bytes>
void check_bytes(const Bytes& found, std::uint64_t first = 0) {
    for (const std::uint64_t spot : spots)
        for (const std::uint64_t at : {spot, spot + 1})
            if (at >= first && at - first < found.size())
                require(static_cast<std::uint8_t>(found.data()[at - first]) == item(at),
                        "byte " + std::to_string(at) + " is another");
}
void check_after(const std::vector<std::int32_t>& after) {
    require(after == std::vector<std::int32_t>{7, 8, 9}, "what follows the array is another");
}

void read_bytes(const std::filesystem::path& path) {
    using Bytes = jl::Array<std::uint8_t>;
    const auto mapped = jl::load<Large<Bytes>>(path, {.mmap_mode = jl::MmapMode::r});
    require(mapped.big.size() == byte_count, "the array has another size");
    check_bytes(mapped.big);
    check_after(mapped.after);
    check_bytes(jl::load(path, {.mmap_mode = jl::MmapMode::r})["big"].array_bytes());
    const auto loaded = jl::load<Large<std::vector<std::uint8_t>>>(path);
    check_bytes(loaded.big);
    check_after(loaded.after);
}

void read_numbers(const std::filesystem::path& path) {
    const auto loaded = jl::load<Large<xt::xtensor<double, 1>>>(path);
    require(loaded.big.size() == number_count, "the array has another size");
    for (std::uint64_t n = 0; n < number_count; ++n)
        require(loaded.big.data()[n] == static_cast<double>(n) * 0.5, "number " + std::to_string(n) + " is another");
    check_after(loaded.after);
}

void read_rest(const std::filesystem::path& folder, const std::string& prefix) {
    const auto dict = jl::load<std::map<int, std::string>>(folder / (prefix + "dict.pkl"));
    require(dict.size() == pairs && dict.at(pairs - 1) == std::to_string(pairs - 1), "the dict is another");
    const jl::Value any = jl::load(folder / (prefix + "dict.pkl"));
    require(any.size() == pairs && any[pairs / 2].as<std::string>() == std::to_string(pairs / 2), "untyped too");
    const auto text = jl::load<std::vector<std::byte>>(folder / (prefix + "text.pkl"));
    require(text.size() == 4 * giga + 1 && text.front() == std::byte{1} && text.back() == std::byte{2},
            "the bytes are others");
}

void read(const std::filesystem::path& folder) {
    read_bytes(folder / "from_joblib.bytes.pkl");
    read_numbers(folder / "from_joblib.numbers.pkl.gz");
    read_rest(folder, "from_joblib.");
}

void reread(const std::filesystem::path& folder) {
    read_bytes(folder / "bytes.pkl");
    read_numbers(folder / "numbers.pkl");
    read_rest(folder, "");
    const std::uint64_t first = 4 * giga - 3;
    check_bytes(jl::File(folder / "bytes.pkl").slice<std::uint8_t>("big", first, first + 9), first);
    const std::uint64_t row = number_count - 5;
    for (const char* name : {"numbers.pkl", "numbers.pkl.gz"}) {
        const jl::File file(folder / name);
        require(file.find("after").offset > 4 * giga, "the directory has another offset");
        const auto slice = file.slice<double>("big", row, number_count);
        for (std::uint64_t i = 0; i < slice.size(); ++i)
            require(slice.data()[i] == static_cast<double>(row + i) * 0.5, "the slice is another");
        require(jl::verify(folder / name).ok(), "verify finds a fault");
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view verb = argc == 3 ? argv[1] : "";
    try {
        if (verb == "write") return write(argv[2]), 0;
        if (verb == "read") return read(argv[2]), 0;
        if (verb == "reread") return reread(argv[2]), 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "jl_long_large %s: %s\n", argv[1], error.what());
        return 1;
    }
    std::fputs("usage: jl_long_large write|read|reread DIR\n", stderr);
    return 2;
}
