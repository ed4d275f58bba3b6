// Lists, pairs, tuples, and containers in containers.
#include <array>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <list>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "interop/matrix.hpp"

namespace interop {

void add_lists(Samples& samples) {
    using Text = std::string;
    samples.add("list_int", std::list<int>{1, -2, 300}, "[1, -2, 300]");
    samples.add("list_empty", std::list<int>(), "[]");
    samples.add("list_bool", std::list<bool>{true, false}, "[True, False]");
    samples.add("deque_double", std::deque<double>{0.5, -0.0}, "[0.5, -0.0]");
    std::list<int> many(2500);
    std::iota(many.begin(), many.end(), 0);
    samples.add("list_2500", many, "list(range(2500))");
    samples.add("vector_string", std::vector<Text>{"a", "", "caf\u00e9"}, R"(['a', '', 'caf\u00e9'])");
    samples.add("vector_string_empty", std::vector<Text>(), "[]");
    samples.add("vector_optional", std::vector<std::optional<int>>{1, std::nullopt, 3}, "[1, None, 3]");
    samples.add("array_string", std::array<Text, 2>{"x", "y"}, "['x', 'y']");
    samples.add("vector_vector", std::vector<std::vector<double>>{{1}, {}, {2, 3}},
                "[np.array([1.0]), np.zeros(0), np.array([2.0, 3.0])]");
    samples.add("vector_vector_string", std::vector<std::vector<Text>>{{"a"}, {}}, "[['a'], []]");
    samples.add("vector_bytes", std::vector<std::vector<std::byte>>{{std::byte{1}}, {}}, R"([b'\1', b''])");
    samples.add("vector_path", std::vector<std::filesystem::path>{"a/b", ""}, "['a/b', '']");

    samples.add("pair", std::pair<int, Text>(1, "one"), "(1, 'one')");
    samples.add("tuple_empty", std::tuple<>(), "()");
    samples.add("tuple_one", std::tuple<int>(1), "(1,)");
    samples.add("tuple_three", std::tuple<int, Text, double>(1, "two", 3.5), "(1, 'two', 3.5)");
    samples.add("tuple_mixed", std::tuple<int, Text, double, bool, std::nullptr_t>(1, "two", -0.0, true, nullptr),
                "(1, 'two', -0.0, True, None)");
    samples.add("tuple_nested", std::pair(std::pair(1, 2), std::tuple(Text("x"), std::vector<int>{7})),
                "((1, 2), ('x', np.array([7], 'i4')))");
    samples.add("tuple_of_list", std::tuple<std::list<int>, std::map<int, int>>({1}, {{2, 3}}), "([1], {2: 3})");
    samples.add("list_of_tuples", std::list<std::pair<Text, int>>{{"a", 1}, {"b", 2}}, "[('a', 1), ('b', 2)]");
}

}  // namespace interop
