// Keys of values: equal ones have equal keys, however they lie in memory.
#include <iostream>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>
#include <xtensor/xarray.hpp>
#include <xtensor/xrandom.hpp>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

struct Experiment {
    std::string name;
    std::map<std::string, double> settings;
    xt::xarray<double> start;
};

int main() {
    const xt::xarray<double> rows = xt::random::rand<double>({400, 300});
    const xt::xarray<double, xt::layout_type::column_major> columns = rows;
    std::cout << std::boolalpha << "row by row or column by column: " << (jl::hash(rows) == jl::hash(columns)) << '\n';

    const std::map<std::string, int> sorted{{"a", 1}, {"b", 2}};
    const std::unordered_map<std::string, int> unordered{{"b", 2}, {"a", 1}};
    std::cout << "dicts of any order: " << (jl::hash(sorted) == jl::hash(unordered)) << '\n';
    std::cout << "1 and 1.0: " << (jl::hash(1) == jl::hash(1.0)) << '\n';

    // The name of a file that holds what this experiment gives.
    const Experiment experiment{"first", {{"rate", 0.1}}, rows};
    jl::dump(experiment, "experiment.pkl");
    const std::string key = jl::hash(experiment);
    std::cout << key
              << ".pkl for the experiment, loaded as whatever it is: " << (jl::hash(jl::load("experiment.pkl")) == key)
              << '\n';
    std::cout << jl::hash("the same on every machine") << '\n';
}
