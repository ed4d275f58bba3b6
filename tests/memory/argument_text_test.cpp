#include "memory/argument_text.hpp"

#include <gtest/gtest.h>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

namespace jl {
namespace {

struct Point {
    int x;
    std::string name;
};

template <class T>
std::string text_of(const T& value) {
    return argument_text([&](Emitter& out) { jl::emit(out, value); });
}

TEST(ArgumentTexts, ValuesStandInPythonsNotation) {
    EXPECT_EQ(text_of(3), "3");
    EXPECT_EQ(text_of(1.5), "1.5");
    EXPECT_EQ(text_of(true), "True");
    EXPECT_EQ(text_of(std::optional<int>()), "None");
    EXPECT_EQ(text_of(std::string("te'xt")), "\"te'xt\"");
    EXPECT_EQ(text_of(std::string("a\n\x1b[31m")), "'a\\n\\x1b[31m'");
    EXPECT_EQ(text_of(std::vector<std::string>{"a", "b"}), "['a', 'b']");
    EXPECT_EQ(text_of(std::map<std::string, int>{{"a", 1}, {"b", 2}}), "{'a': 1, 'b': 2}");
    EXPECT_EQ(text_of(std::tuple<int>(1)), "(1,)");
    EXPECT_EQ(text_of(std::tuple<int, double>(1, 2)), "(1, 2.0)");
    EXPECT_EQ(text_of(std::set<int>{}), "set()");
    EXPECT_EQ(text_of(std::set<int>{1, 2}), "{1, 2}");
    EXPECT_EQ(text_of(Point{1, "p"}), "namespace(x=1, name='p')");
    EXPECT_EQ(text_of(std::vector<Point>{{1, "p"}, {2, "q"}}), "[namespace(x=1, name='p'), namespace(x=2, name='q')]");
}

// As joblib prints them, with numpy 2.
TEST(ArgumentTexts, ArraysStandAsNumpyShowsThem) {
    EXPECT_EQ(text_of(xt::xarray<double>{{0, 0, 1}, {1, 1, 1}, {4, 2, 1}}),
              "array([[0., 0., 1.],\n       [1., 1., 1.],\n       [4., 2., 1.]])");
    EXPECT_EQ(text_of(xt::xarray<std::int64_t>(xt::arange<std::int64_t>(10))), "array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])");
    EXPECT_EQ(text_of(xt::xarray<double>(xt::arange<double>(100))), "array([ 0., ..., 99.], shape=(100,))");
    EXPECT_EQ(text_of(xt::xarray<double>(xt::ones<double>({100, 3}))),
              "array([[1., ..., 1.],\n       ...,\n       [1., ..., 1.]], shape=(100, 3))");
    EXPECT_EQ(text_of(xt::xarray<double>{0.1, 1e10, NAN}), "array([1.e-01, 1.e+10,    nan])");
    EXPECT_EQ(text_of(xt::xarray<float>{1.5F, 2}), "array([1.5, 2. ], dtype=float32)");
    EXPECT_EQ(text_of(xt::xarray<bool>{true, false}), "array([ True, False])");
    EXPECT_EQ(text_of(xt::xarray<double>(3.0)), "array(3.)");
    EXPECT_EQ(text_of(xt::xarray<double>(xt::zeros<double>({0}))), "array([], dtype=float64)");
    EXPECT_EQ(text_of(xt::xarray<double>(xt::zeros<double>({2, 0}))), "array([], shape=(2, 0), dtype=float64)");
    EXPECT_EQ(text_of(xt::xarray<std::int64_t>(xt::arange<std::int64_t>(24).reshape({2, 3, 4}))),
              "array([[[ 0,  1,  2,  3],\n        [ 4,  5,  6,  7],\n        [ 8,  9, 10, 11]],\n\n"
              "       [[12, 13, 14, 15],\n        [16, 17, 18, 19],\n        [20, 21, 22, 23]]])");
    EXPECT_EQ(text_of(xt::xarray<double>{1e-7, 1}), "array([1.e-07, 1.e+00])");
    EXPECT_EQ(text_of(xt::xarray<double>{1.0 / 3, 2}), "array([0.333333, 2.      ])");
}

TEST(ArgumentTexts, TheOrderInMemoryIsNoMatter) {
    const xt::xarray<double, xt::layout_type::column_major> turned = {{1, 2, 3}, {4, 5, 6}};
    EXPECT_EQ(text_of(turned), "array([[1., 2., 3.],\n       [4., 5., 6.]])");
    EXPECT_EQ(text_of(xt::xarray<double>{1, 2} + 1), "array([2., 3.])");
    const xt::xarray<double, xt::layout_type::column_major> big = xt::reshape_view(xt::arange<double>(100), {10, 10});
    EXPECT_EQ(text_of(big), "array([[ 0., ...,  9.],\n       ...,\n       [90., ..., 99.]], shape=(10, 10))");
    EXPECT_EQ(text_of(xt::arange<double>(1e6) * 2), "array([      0., ..., 1999998.], shape=(1000000,))");
}

TEST(ArgumentTexts, LongOnesAreCutAsJoblibCutsThem) {
    const std::string long_text = text_of(std::string(1'600, 'x'));
    EXPECT_EQ(long_text, "'" + std::string(699, 'x') + "...");
    EXPECT_EQ(text_of(std::string(1'400, 'x')), "'" + std::string(1'400, 'x') + "'");
    EXPECT_EQ(text_of(std::vector<std::string>(1'000'000)).size(), 703U);  // stops when there is enough
    EXPECT_LE(text_of(std::string(1'598, 'a') + "\xC3\xBC").size(), 703U);
}

TEST(ArgumentTexts, CyclesEnd) {
    struct Node {
        std::shared_ptr<Node> next;
    };
    auto node = std::make_shared<Node>();
    node->next = node;
    const std::string text = text_of(node);
    EXPECT_EQ(text.size(), 703U);
    node->next = nullptr;
}

}  // namespace
}  // namespace jl
