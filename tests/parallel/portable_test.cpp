// Which types may leave the process; the others compile as well and stay.
#include <functional>
#include <gtest/gtest.h>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

#include <jl/parallel.hpp>
#include <jl/portable.hpp>

#include "parallel/support/needs_backend.hpp"

namespace jl::test {
namespace {

enum class Color { red, green };
struct Point {
    double x, y;
};
struct Node {
    std::string name;
    std::vector<std::shared_ptr<Node>> children;
};
struct WithBits {
    unsigned a : 3, b : 5;
};
struct WithArray {
    int values[3];
};
struct WithPointer {
    int* where;
};
struct WithBase : Point {
    int z;
};
struct Locked {
    std::mutex mutex;
    int value;
};
struct Handle {
    explicit Handle(int n) : number(n) {}
    int number;
};
struct Chosen {
    int value;
};

}  // namespace
}  // namespace jl::test

template <>
inline constexpr bool jl::is_portable<jl::test::Chosen> = false;

namespace jl::test {
namespace {

TEST(Portable, IsWhatHasAMappingAllTheWayDown) {
    static_assert(is_portable<int> && is_portable<bool> && is_portable<float> && is_portable<std::string>);
    static_assert(is_portable<std::vector<double>> && is_portable<std::vector<bool>> && is_portable<std::list<Point>>);
    static_assert(is_portable<std::array<std::string, 3>> && is_portable<std::vector<std::byte>>);
    static_assert(is_portable<std::map<std::string, std::vector<Point>>> && is_portable<std::set<int>>);
    static_assert(is_portable<std::unordered_map<int, std::optional<Color>>>);
    static_assert(is_portable<std::tuple<int, std::pair<Color, Point>>> && is_portable<std::variant<int, std::string>>);
    static_assert(is_portable<Node> && is_portable<std::unique_ptr<Node>> && is_portable<Value>);
}

TEST(Portable, IsNotWhatPointsOrLocksOrCannotBeTakenApart) {
    static_assert(!is_portable<int*> && !is_portable<const char*> && !is_portable<std::string_view>);
    static_assert(!is_portable<std::span<double>> && !is_portable<std::reference_wrapper<int>>);
    static_assert(!is_portable<std::mutex> && !is_portable<std::thread> && !is_portable<std::function<int()>>);
    static_assert(!is_portable<Locked> && !is_portable<std::vector<std::shared_ptr<Locked>>>);
    static_assert(!is_portable<WithBits> && !is_portable<WithArray> && !is_portable<WithPointer>);
    static_assert(!is_portable<WithBase> && !is_portable<Handle> && !is_portable<std::map<int, WithPointer>>);
    static_assert(!is_portable<Chosen> && !is_portable<std::vector<int*>>);
}

TEST(Portable, OrNotEveryTypeGoesToThreads) {
    JL_NEEDS_BACKEND("threading");
    const auto results =
        Parallel({.n_jobs = 2}).map(std::vector{WithBits{1, 2}, WithBits{3, 4}}, [](const WithBits& w) {
            return Handle(static_cast<int>(w.a + w.b));
        });
    EXPECT_EQ(results[1].number, 7);
    int value = 0;
    Parallel{{.n_jobs = 2}}(std::vector{delayed([](int* p) { *p = 5; })(&value)});
    EXPECT_EQ(value, 5);
}

}  // namespace
}  // namespace jl::test
