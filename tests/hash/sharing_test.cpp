#if defined(JL_HAS_XXHASH)

#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <jl/jl.hpp>

#include "hash/support/key.hpp"
#include "support/error.hpp"

namespace jl::test {
namespace {

struct Node {
    std::string name;
    std::vector<std::shared_ptr<Node>> next;
    std::weak_ptr<Node> back;
};

// Frees what holds itself.
struct Owned {
    std::vector<std::shared_ptr<Node>> nodes;
    std::shared_ptr<Node> make(std::string name) {
        return nodes.emplace_back(std::make_shared<Node>(Node{std::move(name), {}, {}}));
    }
    Owned() = default;
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    ~Owned() {
        for (const auto& node : nodes) node->next.clear();
    }
};

TEST(HashOfSharing, IsThatOfCopies) {
    const auto text = std::make_shared<std::vector<std::string>>(3, "x");
    const auto equal = std::make_shared<std::vector<std::string>>(*text);
    EXPECT_EQ(key(std::vector{text, text}), key(std::vector{text, equal}));
    EXPECT_EQ(key(std::vector{text, text}), key(std::vector{*text, *text}));
    const auto number = std::make_shared<int>(7);
    EXPECT_EQ(key(std::vector{number, number}), key(std::vector{std::make_shared<int>(7), number}));
    const auto array = std::make_shared<std::vector<double>>(1000, 0.5);
    EXPECT_EQ(key(std::vector{array, array}), key(std::vector{*array, *array}));
}

TEST(HashOfSharing, TakesPointersToPointers) {
    const auto inner = std::make_shared<std::vector<std::string>>(2, "x");
    const auto outer = std::make_shared<std::shared_ptr<std::vector<std::string>>>(inner);
    using Both = std::tuple<decltype(outer), decltype(inner), decltype(outer)>;
    EXPECT_EQ(key(Both(outer, inner, outer)), key(std::tuple(*inner, *inner, *inner)));
    EXPECT_EQ(key(std::tuple(inner, outer, outer)), key(std::tuple(*inner, *inner, *inner)));
}

TEST(HashOfSharing, TellsTheSameObjectAsAKeyApart) {
    const auto names = std::make_shared<std::vector<std::string>>(2, "x");
    const std::map<std::shared_ptr<std::vector<std::string>>, std::shared_ptr<std::vector<std::string>>> dict{
        {names, names}};
    EXPECT_EQ(key(dict), key(Value::dict({{Value::tuple({"x", "x"}), Value::list({"x", "x"})}})));
}

// Two to the power of 100 ways lead to the bottom.
TEST(HashOfSharing, TakesEveryObjectOnce) {
    Owned owned;
    std::shared_ptr<Node> top = owned.make("bottom");
    for (int i = 0; i < 100; ++i) {
        const auto above = owned.make("layer");
        above->next = {top, top};
        top = above;
    }
    const std::string typed = key(top);
    EXPECT_EQ(key(Value(top)), typed);
    top->next[0] = top->next[0]->next[0];
    EXPECT_NE(key(top), typed);
}

std::shared_ptr<Node> ring(Owned& owned, int size, int marked = 0) {
    std::vector<std::shared_ptr<Node>> nodes;
    for (int i = 0; i < size; ++i) nodes.push_back(owned.make(i == marked ? "marked" : "node"));
    for (int i = 0; i < size; ++i)
        nodes[static_cast<std::size_t>(i)]->next = {nodes[static_cast<std::size_t>((i + 1) % size)]};
    return nodes[0];
}

TEST(HashOfCycles, IsThatOfWhatOneSeesWalkingOn) {
    Owned owned;
    const std::string loop = key(ring(owned, 1));
    EXPECT_EQ(key(Value(ring(owned, 1))), loop);
    for (int size = 2; size < 6; ++size) EXPECT_NE(key(ring(owned, size)), loop);
    const std::string five = key(ring(owned, 5));
    EXPECT_EQ(key(ring(owned, 5)), five);
    EXPECT_EQ(key(Value(ring(owned, 5))), five);
    for (int marked = 1; marked < 5; ++marked) EXPECT_NE(key(ring(owned, 5, marked)), five);
    EXPECT_EQ(key(ring(owned, 2, -1)), key(ring(owned, 3, -1)));  // the same for ever
    EXPECT_EQ(key(ring(owned, 1, -1)), key(ring(owned, 3, -1)));
}

TEST(HashOfCycles, IsThatOfTheCycleUnrolled) {
    Owned owned;
    const auto loop = ring(owned, 1);
    const auto before = owned.make("marked");
    before->next = {loop};
    EXPECT_EQ(key(before), key(loop));
    const auto other = owned.make("other");
    other->next = {loop};
    EXPECT_NE(key(other), key(loop));
    EXPECT_EQ(key(std::vector{loop, loop}), key(std::vector{loop, before}));
}

TEST(HashOfCycles, DependsOnEveryPart) {
    Owned owned;
    const auto first = ring(owned, 30, -1);
    const std::string expected = key(first);
    std::shared_ptr<Node> at = first;
    for (int i = 0; i < 30; ++i, at = at->next[0]) {
        at->name = "changed";
        EXPECT_NE(key(first), expected) << i;
        at->name = "node";
    }
    EXPECT_EQ(key(first), expected);
}

// All ways through such a graph are more than anybody can walk.
TEST(HashOfCycles, TakesDenseGraphs) {
    Owned owned;
    std::vector<std::shared_ptr<Node>> nodes;
    for (int i = 0; i < 60; ++i) nodes.push_back(owned.make(std::to_string(i)));
    for (const auto& node : nodes) node->next = nodes;
    const std::string expected = key(nodes);
    EXPECT_EQ(key(Value(nodes)), expected);
    nodes[40]->name = "other";
    EXPECT_NE(key(nodes), expected);
}

TEST(HashOfCycles, TakesTreesThatKnowTheirParents) {
    Owned owned;
    const auto tree = [&](const std::string& leaf) {
        const auto root = owned.make("root");
        for (int i = 0; i < 100; ++i) {
            const auto child = root->next.emplace_back(owned.make(std::to_string(i)));
            child->back = root;
            const auto below = child->next.emplace_back(owned.make(i == 70 ? leaf : "leaf"));
            below->back = child;
        }
        return root;
    };
    EXPECT_EQ(key(tree("leaf")), key(tree("leaf")));
    EXPECT_NE(key(tree("leaf")), key(tree("other")));
}

Value value_ring(int size, bool last_first) {
    Value top = Value::dict();
    Value at = top;
    for (int i = 1; i < size; ++i) at = at.set("next", Value::dict());
    if (last_first) at.set("name", "last");
    at.set("next", top);
    if (!last_first) at.set("name", "last");
    return top;
}

TEST(HashOfCycles, KnowsNoOrderOfDicts) {
    EXPECT_EQ(key(value_ring(4, true)), key(value_ring(4, false)));
    EXPECT_NE(key(value_ring(4, true)), key(value_ring(5, true)));
}

TEST(HashOfCycles, TakesLongBodiesAroundThePlaceOfTheCycle) {
    const auto list = [](int before, int after, const char* last) {
        Value made = Value::list();
        for (int i = 0; i < before; ++i) made.push_back("an item of the list");
        made.push_back(made);
        for (int i = 0; i < after; ++i) made.push_back("an item of the list");
        made.push_back(last);
        return made;
    };
    const std::string expected = key(list(1000, 1000, "x"));
    EXPECT_EQ(key(list(1000, 1000, "x")), expected);
    EXPECT_NE(key(list(1000, 1000, "y")), expected);
    EXPECT_NE(key(list(999, 1001, "x")), expected);
}

TEST(HashOfCycles, TakesDeepValues) {
    Value top = Value::list();
    Value at = top;
    for (int i = 0; i < 100'000; ++i) at = at.push_back(Value::list());
    const std::string open = key(top);
    at.push_back(1);
    EXPECT_NE(key(top), open);
    at.push_back(top);
    EXPECT_EQ(key(top).size(), 32U);
}

}  // namespace
}  // namespace jl::test

#endif
