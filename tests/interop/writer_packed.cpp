// Arrays long enough to be packed, of every dtype and in both orders, by each packing: packed/DTYPE.ORDER.WAY.pkl.
#include <complex>
#include <cstdint>
#include <vector>

#include <jl/xtensor.hpp>

#include "interop/filled.hpp"
#include "interop/writer.hpp"

namespace interop {

namespace {

template <class T>
void put_dtype(const std::filesystem::path& folder, const std::string& code) {
    const std::vector<std::size_t> shape{40, 300, 5};
    const auto rows = filled<T>(shape);
    const auto columns = filled<T, xt::layout_type::column_major>(shape);
    const auto put = [&](const std::string& way, const jl::DumpOptions& options) {
        jl::dump(rows, folder / (code + ".C." + way + ".pkl"), options);
        jl::dump(columns, folder / (code + ".F." + way + ".pkl"), options);
    };
    put("gzip", {.compress = "gzip", .shuffle = true});
    put("xz", {.compress = {"xz", 1}, .shuffle = true});
    put("lz4", {.compress = "lz4", .shuffle = true});
    put("zstd", {.compress = "zstd", .shuffle = true});
    put("blosc", {.compress = "blosc"});
    put("blosc-zstd", {.compress = {"blosc:zstd", 3}});
}

}  // namespace

void put_packed(const CaseWriter& writer) {
    const std::filesystem::path folder = writer.folder() / "packed";
    std::filesystem::create_directories(folder);
    put_dtype<bool>(folder, "b1");
    put_dtype<std::int16_t>(folder, "i2");
    put_dtype<std::uint32_t>(folder, "u4");
    put_dtype<std::int64_t>(folder, "i8");
    put_dtype<float>(folder, "f4");
    put_dtype<double>(folder, "f8");
    put_dtype<long double>(folder, "f16");
    put_dtype<std::complex<double>>(folder, "c16");
}

}  // namespace interop
