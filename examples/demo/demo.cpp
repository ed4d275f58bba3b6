// The C++ half of the demo: demo FOLDER
//
// Loads scikit-learn models and pictures that demo.py dumped with joblib, predicts and compares with Python's own
// predictions, works on mapped arrays, and dumps a structure for demo.py to check. Status 1 when anything differs.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

#include "models.hpp"

namespace {

using Folder = std::filesystem::path;
using Pictures = std::map<std::string, jl::xarray<float>>;  // frame, row, column, channel
using Picture = std::shared_ptr<xt::xarray<float>>;

struct Predictions {
    Labels predicted;
    Matrix probabilities;
    double accuracy = 0;
};
struct Report {
    Predictions logistic;
    Predictions forest;
    std::vector<std::string> pictures = {};
    std::map<std::string, xt::xtensor<double, 1>> means = {};
    std::map<std::string, Picture> brightest = {};
    Picture cover = {};
    xt::xarray<float, xt::layout_type::column_major> negative = {};
    std::optional<std::string> note = {};
};
struct Expected {  // what Python found
    Matrix data;
    Labels labels;
    Predictions logistic;
    Predictions forest;
    std::map<std::string, xt::xtensor<double, 1>> means;
};

}  // namespace

template <>
struct jl::Schema<Predictions> {
    static constexpr bool defaults = true;  // Python's own have no accuracy
};

namespace {

int failures = 0;

void compare(const std::string& what, bool same) {
    failures += !same;
    std::cout << "  " << (same ? "same" : "DIFFERENT") << ": " << what << '\n';
}

// What the work makes; says how long it took and how large the file is.
template <class Work>
auto timed(const std::string& what, const Folder& file, Work work) {
    const auto start = std::chrono::steady_clock::now();
    auto result = work();
    const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - start;
    std::cout << "  " << what << ": " << file.filename().string() << ", " << std::fixed << std::setprecision(2)
              << static_cast<double>(std::filesystem::file_size(file)) / 1e6 << " MB, " << std::setprecision(1)
              << passed.count() << " ms\n";
    return result;
}

template <class T>
void dump(const std::string& what, const T& value, const Folder& file) {
    timed("jl::dump of " + what, file, [&] { return jl::dump(value, file), true; });
}

// ---- models ---------------------------------------------------------------------------------------------------------

template <class Model>
Predictions predict(const std::string& name, const Folder& file, const Expected& expected, const Predictions& theirs) {
    const auto model = timed("jl::load of the model", file, [&] { return jl::load<Model>(file); });
    Predictions ours{Labels::from_shape({expected.labels.size()}), model.probabilities(expected.data)};
    for (std::size_t i = 0; i < ours.predicted.size(); ++i) {
        const auto row = xt::view(ours.probabilities, i, xt::all());
        ours.predicted(i) = model.classes_(std::max_element(row.begin(), row.end()) - row.begin());
    }
    ours.accuracy = xt::mean(xt::cast<double>(xt::equal(ours.predicted, expected.labels)))();
    compare(name + ": predicted classes", ours.predicted == theirs.predicted);
    compare(name + ": probabilities to 1e-12", xt::allclose(ours.probabilities, theirs.probabilities, 0, 1e-12));
    std::cout << "  accuracy " << std::setprecision(4) << ours.accuracy << '\n';
    return ours;
}

// Without a type: everything is there, whatever its class.
void show(const Folder& file) {
    const jl::Value model = jl::load(file);
    std::cout << file.filename().string() << " holds a " << model.class_name() << '\n';
    for (const auto& [key, value] : model.items())
        std::cout << "  ." << key.as<std::string>() << " = " << value.str(60) << '\n';
}

// ---- pictures -------------------------------------------------------------------------------------------------------

void add_pictures(Report& report, const Folder& folder, const Expected& expected) {
    const Folder file = folder / "images.pkl";
    auto mapped =
        timed("jl::load, mapped", file, [&] { return jl::load<Pictures>(file, {.mmap_mode = jl::MmapMode::r}); });
    for (const auto& [name, frames] : mapped) {
        report.pictures.push_back(name);
        xt::xtensor<double, 1>& means = report.means[name] = xt::zeros<double>({frames.shape(0)});
        for (std::size_t i = 0; i < means.size(); ++i) {
            const xt::xarray<double> frame = xt::view(frames, i);  // one frame in memory at a time
            means(i) = xt::mean(frame)();
        }
        compare(name + ": means of " + std::to_string(means.size()) + " frames to 1e-9",
                xt::allclose(means, expected.means.at(name), 0, 1e-9));
        report.brightest[name] = std::make_shared<xt::xarray<float>>(xt::view(frames, -1));
    }
    report.cover = report.brightest.at("flower");
    report.negative = 1.0F - *report.brightest.at("china");
    dump("mapped arrays", mapped, folder / "frames.pkl");
}

// Blackens a frame in the file itself: nothing else of it is read or written.
void change_in_place(const Folder& folder) {
    const Folder file = folder / "frames.pkl";
    timed("one frame changed in place", file, [&] {
        auto frames = jl::load<Pictures>(file, {.mmap_mode = jl::MmapMode::r_plus});
        xt::view(frames.at("china"), 0) = 0.0F;
        return true;
    });
    compare("checksums after the change", jl::verify(file).ok());
}

// ---- files of our own -----------------------------------------------------------------------------------------------

void check_own(const Report& report, const Folder& file) {
    const auto back = timed("jl::load", file, [&] { return jl::load<Report>(file); });
    compare("arrays read back", back.negative == report.negative && *back.cover == *report.cover &&
                                    back.logistic.probabilities == report.logistic.probabilities &&
                                    back.means == report.means);
    compare("a picture stored once is one object", back.cover == back.brightest.at("flower"));
    const auto rows = timed("rows 100 to 110 of one picture", file,
                            [&] { return jl::as_xarray(jl::File(file).slice<float>("brightest/china", 100, 110)); });
    compare("those rows", rows == xt::view(*report.brightest.at("china"), xt::range(100, 110)));
}

int run(const Folder& folder) {
    std::cout << "models\n";
    show(folder / "logistic.pkl");
    const auto expected = jl::load<Expected>(folder / "expected.pkl.z");
    Report report{predict<LogisticRegression>("logistic", folder / "logistic.pkl", expected, expected.logistic),
                  predict<RandomForest>("forest", folder / "forest.pkl.gz", expected, expected.forest)};
    std::cout << "pictures\n";
    add_pictures(report, folder, expected);
    change_in_place(folder);
    std::cout << "a structure with arrays\n";
    for (const char* name : {"result.pkl", "result.pkl.gz"}) {
        dump("the structure", report, folder / name);
        check_own(report, folder / name);
    }
    return failures == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: demo FOLDER\n";
        return 2;
    }
    try {
        return run(argv[1]);
    } catch (const jl::Error& error) {
        std::cerr << "demo: " << error.what() << '\n';
        return 2;
    }
}
