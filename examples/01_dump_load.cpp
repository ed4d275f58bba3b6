// Dump and load: one file for a whole object, compressed or not, and whatever is in a file of Python's joblib.
//
// Run it anywhere: it writes test.pkl and its relatives into the current folder.
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xrandom.hpp>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

namespace {

// Stands for joblib.dump(model, "from_python.pkl") of a fitted scikit-learn model.
void write_as_python_would() {
    const xt::xarray<double> coef{{0.5, -1.25, 3.0}};
    jl::dump(jl::Value::object({{"coef_", coef}, {"classes_", jl::Value::list({"cat", "dog"})}, {"max_iter", 100}}),
             "from_python.pkl");
}

}  // namespace

int main() {
    std::map<std::string, xt::xarray<double>> obj{{"ones", xt::ones<double>({500, 500})},
                                                  {"rand", xt::random::rand<double>({500, 500})}};
    jl::dump(obj, "test.pkl");                             // one file, replaced atomically
    jl::dump(obj, "test.pkl.gz");                          // codec from the extension
    jl::dump(obj, "test.pkl", {.compress = {"gzip", 3}});  // as compress=('gzip', 3)
    jl::dump(obj, "test.pkl", {.compress = true});         // zlib, level 3
    jl::dump(obj, "test.pkl.z", {.n_threads = 4, .sync = true, .progress = jl::progress_bar()});

    auto back = jl::load<decltype(obj)>("test.pkl.gz");  // codec from the magic
    if (back != obj) return 1;
    for (const char* name : {"test.pkl", "test.pkl.gz", "test.pkl.z"}) {
        std::cout << name << ": " << std::filesystem::file_size(name) << " bytes\n";
        if (jl::load<decltype(obj)>(name) != obj) return 1;
    }

    write_as_python_would();
    jl::Value any = jl::load("from_python.pkl");        // no type: whatever is there
    auto coef = any["coef_"].as<xt::xarray<double>>();  // attributes and keys by name, sequences by index
    for (const auto& [key, value] : any.items()) std::cout << key << ' ' << value.kind_name() << '\n';
    std::cout << any << '\n';  // a readable, bounded rendering
    return coef(0, 1) == -1.25 && any["classes_"][1].as<std::string>() == "dog" ? 0 : 1;
}
