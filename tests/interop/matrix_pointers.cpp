// Smart pointers, what several of them share, and pointers to a base.
#include <boost/describe.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "interop/matrix.hpp"

namespace interop {

namespace {

using Text = std::string;

struct Item {
    Text label;
    std::vector<double> data;
    bool operator==(const Item&) const = default;
};

struct Watched {
    std::shared_ptr<Item> owner;
    std::weak_ptr<Item> watcher;
    bool operator==(const Watched& other) const {
        return same(owner, other.owner) && same(watcher, other.watcher) && watcher.lock() == owner;
    }
};

struct Figure {
    virtual ~Figure() = default;
    Text name = "f";
};
BOOST_DESCRIBE_STRUCT(Figure, (), (name))

struct Disc final : Figure {
    double radius = 2.5;
    bool operator==(const Disc& other) const { return radius == other.radius; }
};
BOOST_DESCRIBE_STRUCT(Disc, (Figure), (radius))

// A pointer to a base that has to be a Disc again.
template <class Pointer>
struct Drawing {
    Pointer figure;
    bool operator==(const Drawing& other) const {
        return dynamic_cast<const Disc&>(*figure) == dynamic_cast<const Disc&>(*other.figure);
    }
};

void add_owners(Samples& samples) {
    samples.add_made(
        "unique_ptr", [] { return std::make_unique<int>(7); }, "7");
    samples.add_made(
        "unique_ptr_null", [] { return std::unique_ptr<int>(); }, "None");
    samples.add_made(
        "unique_ptr_array", [] { return std::make_unique<std::vector<double>>(3, 0.5); }, "np.full(3, 0.5)");
    samples.add_made(
        "unique_ptr_struct",
        [] {
            return std::make_unique<Item>(Item{"a", {1}});
        },
        "Namespace(label='a', data=np.array([1.0]))");
    samples.add_made(
        "vector_unique_ptr",
        [] {
            std::vector<std::unique_ptr<Text>> made(2);
            made[0] = std::make_unique<Text>("x");
            return made;
        },
        "['x', None]");
    samples.add("shared_ptr", std::make_shared<double>(-0.0), "-0.0");
    samples.add("shared_ptr_null", std::shared_ptr<Text>(), "None");
    samples.add_made(
        "shared_ptr_list", [] { return std::make_shared<std::vector<Text>>(2, "w"); }, "['w', 'w']");
    samples.add_made(
        "shared_ptr_const",
        [] {
            return std::shared_ptr<const Item>(std::make_shared<Item>(Item{"c", {}}));
        },
        "Namespace(label='c', data=np.zeros(0))");
}

}  // namespace

void add_pointers(Samples& samples) {
    add_owners(samples);
    samples.add("weak_ptr_empty", std::weak_ptr<Item>(), "None");
    samples.add_made(
        "weak_ptr",
        [] {
            const auto owner = std::make_shared<Item>(Item{"w", {2}});
            return Watched{owner, owner};
        },
        "(lambda i: Namespace(owner=i, watcher=i))(Namespace(label='w', data=np.array([2.0])))");

    jl::register_type<Disc, Figure>("interop.Disc");
    const Text disc = "Namespace(__jl_type__='interop.Disc', name='f', radius=2.5)";
    samples.add("polymorphic_shared", Drawing<std::shared_ptr<Figure>>{std::make_shared<Disc>()},
                "Namespace(figure=" + disc + ")");
    samples.add_made(
        "polymorphic_unique", [] { return Drawing<std::unique_ptr<Figure>>{std::make_unique<Disc>()}; },
        "Namespace(figure=" + disc + ")");
}

}  // namespace interop
