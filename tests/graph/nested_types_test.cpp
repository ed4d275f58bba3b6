// Pointers, variants, optionals and unordered containers inside one another.
#include <boost/describe.hpp>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "graph/support/trip.hpp"

namespace nested {

struct Leaf {
    int value = 0;
    bool operator==(const Leaf&) const = default;
};
struct Branch;
using Node = std::variant<Leaf, std::string, std::unique_ptr<Branch>>;
struct Branch {
    std::vector<std::unique_ptr<Node>> children;
    std::vector<int> marks;
};
struct Key {
    std::string name;
    int number = 0;
    auto operator<=>(const Key&) const = default;
};

class Base {
  public:
    virtual ~Base() = default;
    int id() const { return id_; }
    void set_id(int id) { id_ = id; }

  private:
    int id_ = 0;
    BOOST_DESCRIBE_CLASS(Base, (), (), (), (id_))
};
class Derived final : public Base {
  public:
    std::unordered_map<std::string, std::shared_ptr<Base>> others;
    BOOST_DESCRIBE_CLASS(Derived, (Base), (others), (), ())
};

}  // namespace nested

template <>
struct jl::Schema<nested::Key> {
    static constexpr std::string_view python_class = "nested.Key";
    static constexpr PythonForm python_form = PythonForm::arguments;
};
template <>
struct std::hash<nested::Key> {
    std::size_t operator()(const nested::Key& key) const { return std::hash<std::string>()(key.name); }
};

namespace jl::test {
namespace {

using namespace nested;

TEST(NestedTypes, PointersToPointersAreOneObject) {
    const auto inner = std::make_shared<std::unique_ptr<Leaf>>(std::make_unique<Leaf>(Leaf{5}));
    const auto back = through_file<std::vector<std::shared_ptr<std::unique_ptr<Leaf>>>>(std::vector{inner, inner});
    EXPECT_EQ(back[0], back[1]);
    EXPECT_EQ((*back[0])->value, 5);
    EXPECT_EQ(shown(inner), "types.SimpleNamespace(value=5)");
    const auto twice = std::make_shared<std::shared_ptr<Leaf>>(std::make_shared<Leaf>(Leaf{6}));
    EXPECT_EQ((*through_file<std::shared_ptr<std::shared_ptr<Leaf>>>(twice))->value, 6);
    const std::unique_ptr<std::shared_ptr<Leaf>> both = std::make_unique<std::shared_ptr<Leaf>>(*twice);
    EXPECT_EQ((*through_file<std::unique_ptr<std::shared_ptr<Leaf>>>(both))->value, 6);
}

TEST(NestedTypes, NoneIsTheOutermostEmptyOne) {
    const std::optional<std::shared_ptr<Leaf>> empty_pointer = std::shared_ptr<Leaf>();
    EXPECT_FALSE(through_file<std::optional<std::shared_ptr<Leaf>>>(empty_pointer).has_value());
    const auto empty_inside = std::make_shared<std::unique_ptr<Leaf>>();
    EXPECT_EQ(through_file<std::shared_ptr<std::unique_ptr<Leaf>>>(empty_inside), nullptr);
    using Twice = std::optional<std::optional<int>>;
    EXPECT_EQ(through_file<Twice>(Twice(std::optional<int>())), std::nullopt);
    EXPECT_EQ(through_file<Twice>(Twice(5)), Twice(5));
}

TEST(NestedTypes, OptionalPointersStayShared) {
    using Slot = std::optional<std::shared_ptr<Leaf>>;
    const auto leaf = std::make_shared<Leaf>(Leaf{3});
    const auto back = through_file<std::vector<Slot>>(std::vector<Slot>{leaf, std::nullopt, leaf});
    EXPECT_EQ(back[0]->get(), back[2]->get());
    EXPECT_EQ(**back[0], Leaf{3});
    EXPECT_FALSE(back[1]);
}

TEST(NestedTypes, TreesOfVariantsBehindPointersComeBack) {
    Branch root;
    root.marks = {1, 2};
    root.children.push_back(std::make_unique<Node>(Leaf{1}));
    root.children.push_back(std::make_unique<Node>("text"));
    auto branch = std::make_unique<Branch>();
    branch->children.push_back(std::make_unique<Node>(Leaf{2}));
    root.children.push_back(std::make_unique<Node>(std::move(branch)));
    root.children.push_back(nullptr);
    const Branch back = through_file<Branch>(root);
    ASSERT_EQ(back.children.size(), 4U);
    EXPECT_EQ(std::get<Leaf>(*back.children[0]), Leaf{1});
    EXPECT_EQ(std::get<std::string>(*back.children[1]), "text");
    EXPECT_EQ(std::get<Leaf>(*std::get<2>(*back.children[2])->children.at(0)), Leaf{2});
    EXPECT_EQ(back.children[3], nullptr);
    const Error error = trip_error<Branch>(Value::dict({{"children", Value::list({1.5})}, {"marks", Value::list()}}));
    EXPECT_EQ(error.code(), ErrorCode::type);
    EXPECT_EQ(error.path(), "/children/0");
}

TEST(NestedTypes, UnorderedContainersGiveTheSameBytesInAnyOrder) {
    std::unordered_map<std::string, std::unordered_set<int>> up, down;
    for (int i = 0; i < 200; ++i) up["key" + std::to_string(i)] = {i, i + 1, -i};
    down.reserve(5'000);
    for (int i = 200; i-- > 0;) down["key" + std::to_string(i)] = {-i, i + 1, i};
    EXPECT_EQ(dumped(up), dumped(down));
    expect_trip(up);
    expect_trip(std::unordered_multimap<int, std::string>{{1, "a"}});
    expect_trip(std::unordered_map<Key, std::vector<Leaf>>{{{"a", 1}, {Leaf{1}}}, {{"b", 2}, {}}});
    expect_trip(std::unordered_set<Key>{{"a", 1}, {"b", 2}});
}

TEST(NestedTypes, CyclesThroughPolymorphicObjectsInUnorderedMapsComeBack) {
    register_type<Derived, Base>("nested.Derived");
    const auto derived = std::make_shared<Derived>();
    const auto base = std::make_shared<Base>();
    base->set_id(7), derived->set_id(8);
    derived->others = {{"base", base}, {"self", derived}};
    const auto back = through_file<std::shared_ptr<Base>>(std::shared_ptr<Base>(derived));
    auto& same = dynamic_cast<Derived&>(*back);
    EXPECT_EQ(same.others.at("self"), back);
    EXPECT_EQ(same.others.at("base")->id(), 7);
    EXPECT_EQ(same.id(), 8);
    same.others.clear(), derived->others.clear();
}

}  // namespace
}  // namespace jl::test
