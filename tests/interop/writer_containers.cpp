// Sequences, tuples, sets, maps, optional, variant.
#include <array>
#include <complex>
#include <cstdint>
#include <deque>
#include <limits>
#include <list>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "interop/writer.hpp"

namespace interop {

namespace {

void put_sequences(const CaseWriter& writer) {
    const std::vector<std::int64_t> numbers{7, 8};
    writer.put("vector_double", std::vector<double>{1.5, -2.0, std::numeric_limits<double>::infinity()});
    writer.put("vector_float", std::vector<float>{0.5F, 0.25F});
    writer.put("vector_int32", std::vector<std::int32_t>{1, -2, 3});
    writer.put("vector_uint8", std::vector<std::uint8_t>{0, 255});
    writer.put("vector_complex", std::vector<std::complex<double>>{{1, 2}, {-0.0, -0.5}});
    writer.put("vector_empty", std::vector<double>());
    writer.put("vector_bool", std::vector<bool>{true, false, true});
    writer.put("array_double", std::array<double, 3>{1, 2, 3});
    writer.put("span_int64", std::span<const std::int64_t>(numbers));
    writer.put("vector_string", std::vector<std::string>{"a", "", "caf\u00e9"});
    writer.put("vector_string_empty", std::vector<std::string>());
    writer.put("vector_vector_double", std::vector<std::vector<double>>{{1}, {}, {2, 3}});
    writer.put("vector_optional", std::vector<std::optional<int>>{1, std::nullopt, 3});
    std::list<int> many(2500);
    std::iota(many.begin(), many.end(), 0);
    writer.put("list_int", std::list<int>{1, 2, 3});
    writer.put("list_2500", many);
    writer.put("deque_double", std::deque<double>{0.5, 1.5});
}

void put_tuples(const CaseWriter& writer) {
    writer.put("pair", std::pair<int, std::string>(1, "one"));
    writer.put("tuple_mixed", std::tuple<int, std::string, double, bool, std::nullptr_t>(1, "two", 3.5, true, nullptr));
    writer.put("tuple_empty", std::tuple<>());
    writer.put("tuple_one", std::tuple<int>(1));
    using Inner = std::pair<std::string, std::tuple<double>>;
    writer.put("tuple_nested", std::pair(std::pair(1, 2), Inner("x", 0.5)));
}

void put_maps(const CaseWriter& writer) {
    using Strings = std::set<std::string>;
    using Key = std::tuple<int, std::string>;
    writer.put("set_string", Strings{"a", "b"});
    writer.put("set_empty", Strings());
    writer.put("unordered_set_int", std::unordered_set<int>{3, 1, 2});
    writer.put("map_string_int", std::map<std::string, int>{{"b", 2}, {"a", 1}});
    writer.put("map_int_string", std::map<int, std::string>{{5, "five"}, {-1, "minus"}});
    writer.put("map_empty", std::map<std::string, int>());
    writer.put("unordered_map", std::unordered_map<std::string, double>{{"c", 2.5}, {"a", 0.5}, {"b", 1.5}});
    writer.put("map_tuple_keys", std::map<Key, double>{{Key(1, "a"), 0.5}, {Key(2, "b"), 1.5}});
    using Inner = std::map<std::string, std::vector<std::vector<double>>>;
    writer.put("map_nested", std::map<std::string, Inner>{{"outer", {{"inner", {{1.0}}}}}});
    std::map<int, int> squares;
    for (int i = 0; i < 2500; ++i) squares[i] = i * i;
    writer.put("map_2500", squares);
}

void put_choices(const CaseWriter& writer) {
    using Choice = std::variant<int, std::string, std::vector<double>>;
    writer.put("optional_empty", std::optional<int>());
    writer.put("optional_full", std::optional<int>(5));
    writer.put("variant_int", Choice(3));
    writer.put("variant_string", Choice("text"));
    writer.put("variant_array", Choice(std::vector<double>{1, 2}));
}

}  // namespace

void put_containers(const CaseWriter& writer) {
    put_sequences(writer);
    put_tuples(writer);
    put_maps(writer);
    put_choices(writer);
}

}  // namespace interop
