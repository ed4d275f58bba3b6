// Sets and dicts, ordered and hashed, with keys of several types.
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "interop/matrix.hpp"

namespace interop {

namespace {

using Text = std::string;
enum class Color : std::uint8_t { red = 1, green = 2 };

void add_sets(Samples& samples) {
    samples.add("set_string", std::set<Text>{"b", "a"}, "{'a', 'b'}");
    samples.add("set_empty", std::set<Text>(), "set()");
    samples.add("set_double", std::set<double>{0.5, -1.5}, "{0.5, -1.5}");
    samples.add("set_tuple", std::set<std::pair<int, Text>>{{1, "a"}, {2, "b"}}, "{(1, 'a'), (2, 'b')}");
    samples.add("set_bytes", std::set<std::vector<std::byte>>{{std::byte{1}}, {}}, R"({b'\1', b''})");
    samples.add("set_vector", std::set<std::vector<int>>{{1, 2}, {}}, "{(1, 2), ()}");
    samples.add("set_set", std::set<std::set<int>>{{1, 2}, {3}}, "{frozenset([1, 2]), frozenset([3])}");
    samples.add(
        "set_1500",
        [] {
            std::set<int> numbers;
            for (int i = 0; i < 1500; ++i) numbers.insert(i);
            return numbers;
        }(),
        "set(range(1500))");
    samples.add("unordered_set_int", std::unordered_set<int>{3, 1, 2}, "{1, 2, 3}");
    samples.add("unordered_set_string", std::unordered_set<Text>{"z", "y"}, "{'y', 'z'}");
    samples.add("unordered_set_enum", std::unordered_set<Color>{Color::green, Color::red}, "{1, 2}");
    samples.add("unordered_set_empty", std::unordered_set<int>(), "set()");
}

void add_keys(Samples& samples) {
    samples.add("map_string", std::map<Text, int>{{"b", 2}, {"a", 1}, {"", 0}}, "{'': 0, 'a': 1, 'b': 2}");
    samples.add("map_int", std::map<int, Text>{{5, "five"}, {-1, "minus"}}, "{-1: 'minus', 5: 'five'}");
    samples.add("map_uint64", std::map<std::uint64_t, int>{{~std::uint64_t{0}, 1}}, "{2**64 - 1: 1}");
    samples.add("map_bool", std::map<bool, int>{{false, 0}, {true, 1}}, "{False: 0, True: 1}");
    samples.add("map_double", std::map<double, int>{{0.5, 1}, {1.0, 2}}, "{0.5: 1, 1.0: 2}");
    samples.add("map_enum", std::map<Color, int>{{Color::red, 1}}, "{1: 1}");
    samples.add("map_path", std::map<std::filesystem::path, int>{{"a/b", 1}}, "{'a/b': 1}");
    samples.add("map_bytes", std::map<std::vector<std::byte>, int>{{{std::byte{9}}, 1}}, R"({b'\t': 1})");
    samples.add("map_pair", std::map<std::pair<int, Text>, double>{{{1, "a"}, 0.5}, {{2, "b"}, 1.5}},
                "{(1, 'a'): 0.5, (2, 'b'): 1.5}");
    samples.add("map_tuple", std::map<std::tuple<int>, int>{{std::tuple(1), 2}}, "{(1,): 2}");
    samples.add("map_array", std::map<std::array<int, 2>, int>{{{1, 2}, 3}}, "{(1, 2): 3}");
    samples.add("map_vector", std::map<std::vector<Text>, int>{{{"a", "b"}, 1}}, "{('a', 'b'): 1}");
    samples.add("map_set", std::map<std::set<int>, int>{{{1, 2}, 3}}, "{frozenset([1, 2]): 3}");
    samples.add("map_optional", std::map<std::optional<int>, int>{{std::nullopt, 0}, {1, 1}}, "{None: 0, 1: 1}");
}

void add_maps(Samples& samples) {
    samples.add("map_empty", std::map<Text, int>(), "{}");
    samples.add("map_nested", std::map<Text, std::map<int, std::vector<double>>>{{"outer", {{1, {0.5}}}}, {"none", {}}},
                "{'none': {}, 'outer': {1: np.array([0.5])}}");
    samples.add(
        "map_long",
        [] {
            std::map<int, int> squares;
            for (int i = 0; i < 2500; ++i) squares[i] = i * i;
            return squares;
        }(),
        "{i: i * i for i in range(2500)}");
    samples.add("unordered_map_string", std::unordered_map<Text, double>{{"c", 2.5}, {"a", 0.5}, {"b", 1.5}},
                "{'a': 0.5, 'b': 1.5, 'c': 2.5}");
    samples.add("unordered_map_int", std::unordered_map<int, Text>{{7, "seven"}, {-7, "minus"}},
                "{-7: 'minus', 7: 'seven'}");
    samples.add("unordered_map_nested", std::unordered_map<Text, std::unordered_map<int, int>>{{"a", {{2, 2}, {1, 1}}}},
                "{'a': {1: 1, 2: 2}}");
    samples.add("unordered_map_empty", std::unordered_map<int, int>(), "{}");
}

}  // namespace

void add_tables(Samples& samples) {
    add_sets(samples);
    add_keys(samples);
    add_maps(samples);
}

}  // namespace interop
