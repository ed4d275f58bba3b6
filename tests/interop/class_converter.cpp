// class_converter IN OUT: objects of Python's classes as structures, and out again as objects of the same classes.
// class_converter --make VERSION OUT: the same made in C++; VERSION is that of scikit-learn, "" without it.
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <jl/jl.hpp>

namespace interop {

struct Plain {
    int a = 1;
    std::string b = "two";
};
struct Nested {
    std::vector<double> weights;
};
struct Dataclass {
    std::string name;
    std::vector<float> values;
    std::optional<double> score;
};
enum class Color { RED = 1, GREEN = 2 };
enum class Level { low, high };

struct FrozenPoint {
    double x = 0, y = 0;
};
struct SlottedPoint {
    double x = 0, y = 0;
};
struct FrozenSlottedPoint {
    double x = 0, y = 0;
};
struct NamedPoint {
    double x = 0, y = 0;
    auto operator<=>(const NamedPoint&) const = default;
};
struct Checked {  // its __init__ has to run
    int limit = 0;
};

struct StandardScaler {
    bool with_mean = true, with_std = true, copy = true;
    std::int64_t n_features_in_ = 0, n_samples_seen_ = 0;
    std::vector<double> mean_, var_, scale_;
    std::string _sklearn_version;
};
struct LinearRegression {
    bool fit_intercept = true, copy_X = true;
    double tol = 1e-6;
    std::optional<int> n_jobs;
    bool positive = false;
    std::int64_t n_features_in_ = 0;
    std::vector<double> coef_;
    double intercept_ = 0;
    std::string _sklearn_version;
};
using Step = std::variant<StandardScaler, LinearRegression>;
struct Pipeline {
    std::vector<std::pair<std::string, Step>> steps;
    std::optional<std::string> memory;
    bool verbose = false;
    std::optional<std::string> transform_input;
    std::string _sklearn_version;
};

struct Everything {
    Plain plain;
    Nested nested;
    Dataclass dataclass;
    FrozenPoint frozen;
    SlottedPoint slotted;
    FrozenSlottedPoint frozen_slotted;
    NamedPoint named;
    std::map<NamedPoint, std::string> keys;
    Checked checked;
    std::vector<Color> colors;
    Level level = Level::low;
    std::optional<LinearRegression> regression;
    std::optional<Pipeline> pipeline;
};

}  // namespace interop

namespace jl {

template <>
struct Schema<interop::Plain> {
    static constexpr std::string_view python_class = "class_samples.Plain";
    static constexpr bool require_class = true;
};
template <>
struct Schema<interop::Nested> {
    static constexpr std::string_view python_class = "class_samples:Outer.Nested";
    static constexpr bool require_class = true;
};
template <>
struct Schema<interop::Dataclass> {
    static constexpr std::string_view python_class = "class_samples.Data";
    static constexpr bool require_class = true;
};
template <>
struct Schema<interop::FrozenPoint> {
    static constexpr std::string_view python_class = "class_samples.FrozenPoint";
    static constexpr bool require_class = true;
};
template <>
struct Schema<interop::SlottedPoint> {
    static constexpr std::string_view python_class = "class_samples.SlottedPoint";
    static constexpr PythonForm python_form = PythonForm::slots;
    static constexpr bool require_class = true;
};
template <>
struct Schema<interop::FrozenSlottedPoint> {
    static constexpr std::string_view python_class = "class_samples.FrozenSlottedPoint";
    static constexpr PythonForm python_form = PythonForm::values;
    static constexpr bool require_class = true;
};
template <>
struct Schema<interop::NamedPoint> {
    static constexpr std::string_view python_class = "class_samples.NamedPoint";
    static constexpr PythonForm python_form = PythonForm::arguments;
    static constexpr bool require_class = true;
};
template <>
struct Schema<interop::Checked> {
    static constexpr std::string_view python_class = "class_samples.Checked";
    static constexpr PythonForm python_form = PythonForm::arguments;
    static constexpr bool require_class = true;
};
template <>
struct Schema<interop::Color> {
    static constexpr std::string_view python_class = "class_samples:Outer.Color";
    static constexpr bool require_class = true;
};
template <>
struct Schema<interop::Level> {
    static constexpr std::string_view python_class = "class_samples.Level";
    static constexpr bool by_name = true;
};
template <>
struct Schema<interop::StandardScaler> {
    static constexpr std::string_view python_class = "sklearn.preprocessing._data.StandardScaler";
    static constexpr bool require_class = true;
};
template <>
struct Schema<interop::LinearRegression> {
    static constexpr std::string_view python_class = "sklearn.linear_model._base.LinearRegression";
    static constexpr bool require_class = true;
    static constexpr bool defaults = true;  // tol is younger than some files
};
template <>
struct Schema<interop::Pipeline> {
    static constexpr std::string_view python_class = "sklearn.pipeline.Pipeline";
    static constexpr bool require_class = true;
};

}  // namespace jl

namespace interop {

namespace {

Everything everything(const std::string& sklearn) {
    Everything made;
    made.plain = {5, "five"};
    made.nested = {{0.5, 1.5}};
    made.dataclass = {"d", {1, 2, 3}, 0.25};
    made.frozen = {1, 2}, made.slotted = {3, 4}, made.frozen_slotted = {5, 6}, made.named = {7, 8};
    made.keys = {{{0, 1}, "a"}, {{2, 3}, "b"}};
    made.checked = {9};
    made.colors = {Color::RED, Color::GREEN, Color::RED};
    made.level = Level::high;
    if (sklearn.empty()) return made;
    LinearRegression regression;
    regression.n_features_in_ = 2, regression.coef_ = {2, -1}, regression.intercept_ = 0.5;
    regression._sklearn_version = sklearn;
    StandardScaler scaler;
    scaler.n_features_in_ = 2, scaler.n_samples_seen_ = 10;
    scaler.mean_ = {1, 2}, scaler.var_ = {4, 16}, scaler.scale_ = {2, 4};
    scaler._sklearn_version = sklearn;
    made.regression = regression;
    made.pipeline = Pipeline{{{"scale", scaler}, {"regress", regression}}, {}, false, {}, sklearn};
    return made;
}

}  // namespace

}  // namespace interop

int main(int count, char** arguments) {
    const bool make = count == 4 && std::string_view(arguments[1]) == "--make";
    if (count != 3 && !make) return 2;
    try {
        if (make)
            jl::dump(interop::everything(arguments[2]), arguments[3]);
        else
            jl::dump(jl::load<interop::Everything>(arguments[1]), arguments[2]);
    } catch (const jl::Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
