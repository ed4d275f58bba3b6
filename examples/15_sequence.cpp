// A file that grows by an object a step, and is read one object at a time; also behind a torn end.
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include <jl/jl.hpp>

struct Step {
    int number = 0;
    double loss = 0;
    std::vector<double> weights;
};

int main() {
    const std::string path = "log.pkl";
    std::filesystem::remove(path);
    for (int i = 1; i <= 4; ++i) jl::dump(Step{i, 1.0 / i, std::vector<double>(1'000, i)}, path, {.append = true});

    auto steps = jl::read_all<Step>(path);
    double loss = 0;
    for (const Step& step : steps) {
        std::cout << "step " << step.number << " at byte " << steps.offset() << ": " << step.loss << '\n';
        loss = step.loss;
    }
    if (loss != 0.25) return 1;

    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 100);  // a writer was killed
    int whole = 0;
    try {
        for (const jl::Value& step : jl::read_all(path)) whole = step["number"].as<int>();
    } catch (const jl::Error& error) {
        std::cout << error.what() << '\n';
    }
    jl::dump(Step{5, 0.2, {}}, path, {.append = true, .torn_end = jl::TornEnd::cut});
    for (const Step& step : jl::read_all<Step>(path)) loss = step.loss;
    return whole == 3 && loss == 0.2 ? 0 : 1;
}
