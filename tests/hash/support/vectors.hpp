// The values behind spec/vectors/hash, by the names of the files: every kind of C++ type that has a mapping, and the
// corners of the encoding.
//
//     for_each_vector([&](const std::string& name, const auto& value) { … });
#pragma once

#include <array>
#include <boost/describe.hpp>
#include <chrono>
#include <complex>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include <jl/jl.hpp>

namespace jl::test {

struct VectorStruct {
    std::string name;
    std::vector<float> weights;
    std::optional<double> score;
};
struct VectorPoint {
    std::int8_t tag;
    double x;
    std::array<std::int16_t, 3> cells;
};
struct VectorNode {
    std::string name;
    std::vector<std::shared_ptr<VectorNode>> next;
};
struct VectorNamed {
    int x = 1;
    std::string y = "why";
};
struct VectorSlotted {
    int x = 1;
};
enum class VectorColour : std::int16_t { red = 3 };
struct VectorShape {
    virtual ~VectorShape() = default;
};
struct VectorCircle : VectorShape {
    double radius = 2;
};
BOOST_DESCRIBE_STRUCT(VectorShape, (), ())
BOOST_DESCRIBE_STRUCT(VectorCircle, (VectorShape), (radius))

}  // namespace jl::test

template <>
struct jl::Schema<jl::test::VectorNamed> {
    static constexpr auto python_class = "acme.models.Named";
    static constexpr unsigned version = 2;
};
template <>
struct jl::Schema<jl::test::VectorSlotted> {
    static constexpr auto python_class = "acme.models:Outer.Slotted";
    static constexpr auto python_form = jl::PythonForm::slots;
};

namespace jl::test {

// Pairs of a ring hold it alive: `owned` is cut at the end.
inline std::shared_ptr<VectorNode> vector_ring(std::vector<std::shared_ptr<VectorNode>>& owned, int size) {
    const std::size_t first = owned.size();
    for (int i = 0; i < size; ++i)
        owned.push_back(std::make_shared<VectorNode>(VectorNode{i == 0 ? "first" : "node", {}}));
    for (std::size_t i = first; i < owned.size(); ++i)
        owned[i]->next = {owned[i + 1 < owned.size() ? i + 1 : first], owned[first]};
    return owned[first];
}

template <class Visit>
void for_each_scalar_vector(Visit visit) {
    visit("none", nullptr);
    visit("bools", std::tuple(false, true));
    visit("ints", std::tuple(0, 1, -1, 127, 128, -128, -129, 255, 256, std::int64_t{-1} << 40,
                             std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::uint64_t>::max()));
    visit("wide_ints", std::tuple(static_cast<detail::Int128>(1) << 100, -(static_cast<detail::Int128>(1) << 126)));
    visit("floats", std::tuple(0.0, -0.0, 1.0, 0.1F, -1e300, std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::denorm_min()));
    visit("nan", std::numeric_limits<double>::quiet_NaN());
    visit("complex", std::tuple(std::complex(1.0, -2.0), std::complex(0.5F, 0.0F)));
    visit("texts", std::tuple("", "abc", std::string("sn\xc3\xb6"), std::filesystem::path("/tmp/x")));
    visit("text_of_128_bytes", std::string(128, 'x'));
    visit("text_of_129_bytes", std::string(129, 'x'));
    visit("bytes", std::vector<std::byte>{std::byte{0}, std::byte{0xff}});
    visit("enum", VectorColour::red);
    visit("times",
          std::tuple(std::chrono::seconds(90), std::chrono::milliseconds(-5), std::chrono::days(2),
                     std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(1'234'567'890))));
}

template <class Visit>
void for_each_container_vector(Visit visit) {
    visit("empty_containers", std::tuple(std::vector<std::string>{}, std::tuple<>(), std::set<int>{},
                                         std::map<int, int>{}, std::vector<double>{}));
    visit("list", std::vector<std::string>{"a", "b", "a"});
    visit("list_of_lists", std::vector<std::vector<std::string>>{{"a"}, {}, {"b", "c"}});
    visit("pair", std::pair(1, "one"));
    visit("set", std::unordered_set<std::string>{"x", "y", "z"});
    visit("set_of_tuples", std::set<std::vector<int>>{{1, 2}, {3}});
    visit("set_of_sets", std::set<std::set<int>>{{1}, {1, 2}});
    visit("dict", std::unordered_map<std::string, int>{{"a", 1}, {"b", 2}, {"c", 3}});
    visit("dict_of_mixed_keys", Value::dict({{1, "int"}, {"1", "str"}, {1.5, "float"}, {nullptr, "None"}}));
    std::map<std::string, std::string> many;
    for (int i = 0; i < 200; ++i) many[std::to_string(i)] = std::string(static_cast<std::size_t>(i), 'v');
    visit("dict_of_200", many);
    visit("list_of_5000", std::vector<std::string>(5000, "item"));
    visit("optionals", std::tuple(std::optional<int>(), std::optional<int>(7), std::variant<int, std::string>("alt")));
    visit("struct", VectorStruct{"model", {1, 2.5F}, std::nullopt});
    visit("struct_of_python_class", VectorNamed{});
    visit("struct_with_slots", VectorSlotted{});
    visit("polymorphic", std::shared_ptr<VectorShape>(std::make_shared<VectorCircle>()));
    const auto shared = std::make_shared<std::vector<std::string>>(3, "shared");
    visit("shared", std::vector{shared, shared, std::make_shared<std::vector<std::string>>(*shared)});
    std::vector<std::shared_ptr<VectorNode>> owned;
    visit("ring_of_1", vector_ring(owned, 1));
    visit("ring_of_5", vector_ring(owned, 5));
    visit("rings_in_dict", std::map<std::string, std::shared_ptr<VectorNode>>{
                               {"a", vector_ring(owned, 2)}, {"b", vector_ring(owned, 3)}, {"c", owned[0]}});
    for (const auto& node : owned) node->next.clear();
    Value list = Value::list();
    for (int i = 0; i < 300; ++i) list.push_back("an item in front of the place");
    list.push_back(list), list.push_back(1);
    visit("list_in_itself", list);
}

template <class T>
Array<T> counted_array(std::vector<std::uint64_t> shape, char order = 'C') {
    Array<T> array(std::move(shape), order);
    for (std::size_t i = 0; i < array.size(); ++i) array.data()[i] = static_cast<T>(i % 251);
    return array;
}

template <class Visit>
void for_each_array_vector(Visit visit) {
    visit("dtypes", std::tuple(DType("<f8"), DType(">f8"), DType("<M8[25s]"),
                               DType::structure({{"x", DType("<f8"), 0}, {"y", DType(">i4"), 12}}, 16, false)));
    visit("array_bool", std::vector<bool>{true, false, true});
    visit("array_i1", std::vector<std::int8_t>{-1, 0, 1});
    visit("array_u2", std::vector<std::uint16_t>{1, 2, 65535});
    visit("array_i8", std::vector<std::int64_t>{1, -2, std::int64_t{1} << 40});
    visit("array_f4", std::array<float, 3>{1, 2, 0.1F});
    visit("array_f8", std::vector<double>{1, -0.0, 0.1});
    visit("array_f16", std::vector<long double>{1, -2, 0.5L});
    visit("array_c16", std::vector<std::complex<double>>{{1, 2}, {3, -4}});
    visit("array_of_0_dimensions", counted_array<double>({}));
    visit("array_empty", counted_array<float>({3, 0, 2}));
    visit("array_c_order", counted_array<std::int32_t>({3, 4, 5}));
    visit("array_f_order", counted_array<std::int32_t>({3, 4, 5}, 'F'));
    visit("array_of_128_bytes", counted_array<std::uint8_t>({128}));
    visit("array_of_129_bytes", counted_array<std::uint8_t>({129}));
    visit("array_of_structures", std::vector<VectorPoint>{{1, 2, {3, 4, 5}}, {-1, 0.5, {6, 7, 8}}});
    visit("array_of_chunks", counted_array<std::uint32_t>({300'001, 1}));
    visit("array_of_chunks_f_order", counted_array<std::uint16_t>({700, 800}, 'F'));
}

template <class Visit>
void for_each_vector(Visit visit) {
    static const bool registered = (register_type<VectorCircle, VectorShape>("acme.Circle"), true);
    (void)registered;
    for_each_scalar_vector(visit);
    for_each_container_vector(visit);
    for_each_array_vector(visit);
}

}  // namespace jl::test
