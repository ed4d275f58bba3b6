// Smart pointers: identity, cycles, registered types.
#include <boost/describe.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <jl/xtensor.hpp>

#include "interop/filled.hpp"
#include "interop/writer.hpp"

namespace interop {

namespace {

struct Shared {
    std::string name;
    xt::xarray<float> weights;
};

struct Link {
    std::string name;
    std::shared_ptr<Link> next;
    std::weak_ptr<Link> back;
};

struct Shape {
    virtual ~Shape() = default;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(Shape, (), (name))

struct Circle : Shape {
    double radius = 0;
};
BOOST_DESCRIBE_STRUCT(Circle, (Shape), (radius))

struct Square : Shape {
    double side = 0;
};
BOOST_DESCRIBE_STRUCT(Square, (Shape), (side))

void put_links(const CaseWriter& writer) {
    const auto a = std::make_shared<Link>(Link{"a", nullptr, {}});
    const auto b = std::make_shared<Link>(Link{"b", nullptr, {}});
    a->next = b;
    b->back = a;
    writer.put("shared_cycle", a);
    b->back.reset();
    b->next = a;
    writer.put("shared_ring", a);
    b->next.reset();
}

void put_shapes(const CaseWriter& writer) {
    jl::register_type<Circle, Shape>("acme.Circle");
    jl::register_type<Square, Shape>("acme.Square");
    const auto circle = std::make_shared<Circle>();
    circle->name = "c";
    circle->radius = 2.5;
    const auto square = std::make_shared<Square>();
    square->name = "s";
    square->side = 3;
    writer.put("shapes", std::vector<std::shared_ptr<Shape>>{circle, square});
}

void put_shared_arrays(const CaseWriter& writer) {
    const auto array = std::make_shared<xt::xarray<double>>(filled<double>({2, 3}));
    writer.put("shared_array", std::vector{array, array});
    writer.put("shared_array_in_map",
               std::map<std::string, std::shared_ptr<xt::xarray<double>>>{{"first", array}, {"second", array}});
}

}  // namespace

void put_pointers(const CaseWriter& writer) {
    writer.put("unique_ptr", std::make_unique<int>(7));
    writer.put("unique_ptr_null", std::unique_ptr<int>());
    writer.put("shared_ptr", std::make_shared<double>(2.5));
    writer.put("weak_ptr_empty", std::weak_ptr<int>());
    const auto both = std::make_shared<Shared>(Shared{"both", filled<float>({2, 2})});
    writer.put("shared_twice", std::vector{both, both});
    const auto words = std::make_shared<std::vector<std::string>>(std::vector<std::string>{"in", "common"});
    writer.put("shared_vector",
               std::map<std::string, std::shared_ptr<std::vector<std::string>>>{{"x", words}, {"y", words}});
    put_links(writer);
    put_shapes(writer);
    put_shared_arrays(writer);
}

}  // namespace interop
