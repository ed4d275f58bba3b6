#include "shell/traversal.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include <jl/mapping_containers.hpp>

namespace jl::shell {
namespace {

using Paths = std::vector<std::string>;

// Paths of arrays and references, in the order in which they are met.
class Recorder final : public Visitor {
  public:
    void leaf(const Value& value, const Place& at) override {
        if (value.kind() == Kind::array) seen.push_back(at.path());
    }
    void reference(const std::string& path) override { seen.push_back("-> " + path); }
    void open(const Value&, const Place&) override { ++opened; }
    void close(const Value&) override { ++closed; }

    Paths seen;
    int opened = 0, closed = 0;
};

Paths met(const Value& root) {
    Recorder recorder;
    traverse(root, recorder);
    EXPECT_EQ(recorder.opened, recorder.closed);
    return recorder.seen;
}

Value numbers() { return Value(std::vector<double>{1, 2}); }

TEST(Traversal, ArraysStandOnTheirPaths) {
    EXPECT_EQ(met(numbers()), Paths{"/"});
    EXPECT_EQ(met(Value::list({numbers(), Value::tuple({1, numbers()})})), (Paths{"/0", "/1/1"}));
    EXPECT_EQ(met(Value::dict({{"a/b", numbers()},
                               {"50%", numbers()},
                               {Value(-7), numbers()},
                               {Value(2.5), numbers()},
                               {Value(true), numbers()}})),
              (Paths{"/a%2Fb", "/50%25", "/-7", "/#3", "/#4"}));
    EXPECT_EQ(met(Value::object({{"weights", numbers()}})), Paths{"/weights"});
}

TEST(Traversal, ASharedNodeIsMetOnce) {
    Value root = Value::list();
    const Value first = root.push_back(numbers());
    root.push_back(first);
    EXPECT_EQ(met(root), (Paths{"/0", "-> /0"}));
}

TEST(Traversal, ACycleEnds) {
    Value root = Value::dict();
    root.set("me", root);
    EXPECT_EQ(met(root), Paths{"-> /"});
}

TEST(Traversal, EmptyTuplesHaveNoIdentity) {
    Value root = Value::list();
    const Value empty = root.push_back(Value::tuple({}));
    root.push_back(empty);
    EXPECT_EQ(met(root), Paths{});
}

TEST(Traversal, DepthTakesNoStack) {
    Value root = Value::list();
    Value inner = root;
    for (int i = 0; i < 200'000; ++i) inner = inner.push_back(Value::list());
    inner.push_back(numbers());
    const Paths paths = met(root);
    ASSERT_EQ(paths.size(), 1U);
    EXPECT_EQ(paths[0].size(), 2U * 200'001U);
}

TEST(PayloadBytes, CountsEachArrayOnce) {
    Value root = Value::list();
    const Value first = root.push_back(numbers());
    root.push_back(first);
    root.push_back(numbers());
    EXPECT_EQ(payload_bytes(root), 32U);
}

}  // namespace
}  // namespace jl::shell
