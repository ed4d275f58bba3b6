// Structures: aggregates need nothing; classes with private members or bases are described with Boost.Describe;
// pointers keep what they share, cycles included, and the class behind a pointer to a base.
#include <boost/describe.hpp>
#include <cmath>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

// --- aggregates --------------------------------------------------------------------------------------------------

struct Layer {
    xt::xtensor<float, 2> kernel;
    std::string activation = "relu";
};
struct Model {
    std::string name;
    xt::xarray<float> weights;
    std::optional<double> score;
    std::vector<std::shared_ptr<Layer>> layers;
};

static bool aggregates() {
    const auto layer = std::make_shared<Layer>(Layer{xt::ones<float>({3, 3})});
    const Model model{"net", xt::ones<float>({4, 2}), 0.93, {layer, layer}};
    jl::dump(model, "model.pkl");  // Python: an object with attributes name, weights, ...
    auto m = jl::load<Model>("model.pkl");
    std::cout << m.name << ": " << m.layers.size() << " layers, the two are "
              << (m.layers[0] == m.layers[1] ? "one" : "different") << '\n';
    return m.weights == model.weights && m.score == model.score && m.layers[0] == m.layers[1];
}

// --- what the field names alone do not say -----------------------------------------------------------------------

struct Settings {
    double learning_rate = 0.01;
    int batch_size = 32;
};

template <>
struct jl::Schema<Settings> {
    static constexpr std::string_view python_class = "acme.Settings";       // an instance of that class in Python
    static constexpr bool defaults = true;                                  // a missing field keeps its initialiser
    static constexpr std::array aliases{jl::Alias{"learning_rate", "lr"}};  // its name in older files
};

static bool schemas() {
    jl::dump(jl::Value::dict({{"lr", 0.5}}), "settings.pkl");
    const auto settings = jl::load<Settings>("settings.pkl");
    return settings.learning_rate == 0.5 && settings.batch_size == 32;
}

// --- private members, bases, a class behind a pointer ------------------------------------------------------------

class Shape {
  public:
    virtual ~Shape() = default;
    virtual double area() const = 0;
    const std::string& label() const { return label_; }

  protected:
    explicit Shape(std::string label) : label_(std::move(label)) {}

  private:
    std::string label_;
    BOOST_DESCRIBE_CLASS(Shape, (), (), (), (label_))
};

class Circle : public Shape {
  public:
    Circle() : Shape("") {}
    Circle(std::string label, double radius) : Shape(std::move(label)), radius_(radius) {}
    double area() const override { return 3.0 * radius_ * radius_; }

  private:
    double radius_ = 0;
    BOOST_DESCRIBE_CLASS(Circle, (Shape), (), (), (radius_))
};

class Square : public Shape {
  public:
    Square() : Shape("") {}
    Square(std::string label, double side) : Shape(std::move(label)), side_(side) {}
    double area() const override { return side_ * side_; }

  private:
    double side_ = 0;
    BOOST_DESCRIBE_CLASS(Square, (Shape), (), (), (side_))
};

static bool polymorphism() {
    jl::register_type<Circle, Shape>("acme.Circle");
    jl::register_type<Square, Shape>("acme.Square");
    std::vector<std::unique_ptr<Shape>> shapes;
    shapes.push_back(std::make_unique<Circle>("coin", 2));
    shapes.push_back(std::make_unique<Square>("tile", 5));
    jl::dump(shapes, "shapes.pkl");
    const auto back = jl::load<std::vector<std::unique_ptr<Shape>>>("shapes.pkl");
    for (const auto& shape : back) std::cout << shape->label() << " has area " << shape->area() << '\n';
    return back.size() == 2 && back[0]->area() == 12 && back[1]->area() == 25 && back[1]->label() == "tile";
}

// --- cycles ------------------------------------------------------------------------------------------------------

struct Person {
    std::string name;
    std::vector<std::shared_ptr<Person>> children;
    std::weak_ptr<Person> parent;
};

static bool cycles() {
    const auto ada = std::make_shared<Person>(Person{"Ada", {}, {}});
    ada->children.push_back(std::make_shared<Person>(Person{"Bea", {}, ada}));
    jl::dump(ada, "family.pkl");
    const auto back = jl::load<std::shared_ptr<Person>>("family.pkl");
    return back->children[0]->parent.lock() == back;
}

int main() { return aggregates() && schemas() && polymorphism() && cycles() ? 0 : 1; }
