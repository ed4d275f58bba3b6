// Structures as objects, and as items of structured arrays.
#include <array>
#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <jl/xtensor.hpp>

#include "interop/filled.hpp"
#include "interop/writer.hpp"

namespace interop {

struct Layer {
    std::string name;
    xt::xarray<float> weights;
};

struct Model {
    std::string name;
    xt::xarray<float> weights;
    std::optional<double> score;
    std::optional<double> missing;
    std::vector<std::shared_ptr<Layer>> layers;
    Layer best;
    std::map<std::string, int> tags;
};

struct Base {
    int base = 1;
};
BOOST_DESCRIBE_STRUCT(Base, (), (base))

class Described : public Base {
  public:
    std::string own = "two";

  private:
    double hidden = 3.5;
    BOOST_DESCRIBE_CLASS(Described, (Base), (own), (), (hidden))
};

struct Empty {};

struct Entry {
    std::string key;
    int value = 0;
};

struct Plain {
    int a = 1;
    std::string b = "two";
};

struct Particle {
    float x;
    double mass;
    std::int32_t id;
};
BOOST_DESCRIBE_STRUCT(Particle, (), (x, mass, id))

struct Pixel {
    std::array<std::uint8_t, 3> rgb;
    std::array<float, 2> weight;
};

}  // namespace interop

template <>
struct jl::Schema<interop::Plain> {
    static constexpr std::string_view python_class = "samples.Plain";
};

namespace interop {

namespace {

Particle particle(int i) { return {static_cast<float>(i) + 0.5F, i * 2.0, -i}; }

Pixel pixel(int i) {
    Pixel made{};
    for (int k = 0; k < 3; ++k) made.rgb[static_cast<std::size_t>(k)] = static_cast<std::uint8_t>(3 * i + k);
    made.weight = {static_cast<float>(2 * i), static_cast<float>(2 * i + 1)};
    return made;
}

}  // namespace

void put_structs(const CaseWriter& writer) {
    const auto layer = [](const char* name, std::size_t rows) { return Layer{name, filled<float>({rows, 2})}; };
    Model model{"ridge", filled<float>({3, 2}), 0.5, std::nullopt, {}, layer("best", 3), {{"a", 1}, {"b", 2}}};
    model.layers = {std::make_shared<Layer>(layer("in", 2)), std::make_shared<Layer>(layer("out", 1))};
    writer.put("struct_model", model);
    writer.put("struct_described", Described());
    writer.put("struct_empty", Empty());
    writer.put("struct_python_class", Plain());
    writer.put("vector_struct", std::vector<Entry>{{"a", 1}, {"b", 2}});
    writer.put("struct_array", std::vector{particle(0), particle(1), particle(2), particle(3)});
    writer.put("struct_array_fields", std::vector{pixel(0), pixel(1), pixel(2)});
    writer.put("struct_array_std_array", std::array{particle(0), particle(1)});
    writer.put("struct_array_empty", std::vector<Particle>());
}

}  // namespace interop
