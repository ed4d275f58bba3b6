// Keeps results of several types for joblib to read: cache_writer OUT_DIR
#include <iostream>
#include <map>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

int main(int argc, char** argv) {
    if (argc != 2) return std::cerr << "cache_writer OUT_DIR\n", 2;
    const jl::Memory mem(argv[1], {.verbose = 0});
    auto square = mem.cache("square", [](const xt::xarray<double>& a) { return xt::xarray<double>(a * a); },
                            {.version = 3, .arg_names = {"a"}});
    square(xt::xarray<double>{{0, 0, 1}, {1, 1, 1}, {4, 2, 1}});
    mem.cache("acme::Words", [](const std::string& text, int n) {
        return std::map<std::string, std::vector<std::string>>{
            {"words", std::vector<std::string>(std::size_t(n), text)}};
    })("f\xC3\xBC'r", 3);
    const jl::Memory packed(argv[1], {.verbose = 0, .compress = {"gzip", 3}});
    packed.cache("packed", [](double x) { return xt::xarray<float>(xt::ones<float>({1'000}) * x); })(2);
}
