// Memory maps: arrays whose pages come from the file, changes that stay private or reach the file, and single arrays or
// rows of a file, compressed ones too.
#include <iostream>
#include <map>
#include <string>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xrandom.hpp>
#include <xtensor/xview.hpp>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

int main() {
    const std::map<std::string, xt::xarray<double>> obj{{"ones", xt::ones<double>({500, 500})},
                                                        {"rand", xt::random::rand<double>({500, 500})}};
    jl::dump(obj, "test.pkl");
    jl::dump(obj, "test.pkl.gz");
    const xt::xarray<double>& expected = obj.at("rand");

    // r: read only. c: changes stay in this process. r_plus: changes reach the file.
    auto view = jl::load<std::map<std::string, jl::xarray<double>>>("test.pkl", {.mmap_mode = jl::MmapMode::r});
    std::cout << view["rand"](3, 4) << '\n';  // pages come from the file; the map lives as long as an array does
    if (view["rand"] != expected) return 1;

    auto draft = jl::load<std::map<std::string, jl::xarray<double>>>("test.pkl", {.mmap_mode = jl::MmapMode::c});
    draft["ones"](0, 0) = 7;
    if (view["ones"](0, 0) != 1) return 1;
    {
        auto shared =
            jl::load<std::map<std::string, jl::xarray<double>>>("test.pkl", {.mmap_mode = jl::MmapMode::r_plus});
        xt::view(shared["ones"], 1) = 2.0;                   // a part of it, in place
        xt::noalias(shared["rand"]) = shared["rand"] * 2.0;  // all of it, in place
    }                                                        // the checksums of what changed are made here
    if (view["ones"](1, 5) != 2 || view["rand"] != expected * 2.0 || !jl::verify("test.pkl").ok()) return 1;

    // One array by name: nothing else of the file is read.
    jl::File file("test.pkl.gz");  // reads the directory only
    for (const jl::ArrayEntry& a : file.arrays()) std::cout << a.path << ' ' << a.dtype << ' ' << a.nbytes << '\n';
    auto rand = file.array<double>("rand");            // this one array (mapped when the file is uncompressed)
    auto rows = file.slice<double>("rand", 100, 200);  // rows [100, 200); only the compressed blocks that hold them
    std::cout << rows.shape()[0] << " rows, the first item is " << rows(0, 0) << '\n';
    const jl::xarray<double> as_xtensor = jl::as_xarray(rand);  // no copy
    return as_xtensor == expected && rows(99, 499) == expected(199, 499) ? 0 : 1;
}
