// What Python has and C++ would write as something else: each kind of Python's that a C++ type takes.
#include <array>
#include <complex>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <jl/xtensor.hpp>

#include "interop/filled.hpp"
#include "interop/matrix.hpp"

namespace interop {

namespace {

using Text = std::string;

struct Point {
    int x = 0;
    double y = 0;
    bool operator==(const Point&) const = default;
};

struct Record {
    std::string name;
    std::optional<int> weights;
    std::vector<std::string> tags;
    bool operator==(const Record&) const = default;
};

struct Row {
    std::int64_t n = 0;
    double v = 0;
    bool operator==(const Row&) const = default;
};

void add_numbers_of_numpy(Samples& samples) {
    const Text why = "C++ writes the plain number";
    samples.add_read("int_of_int16", 5, "np.int16(5)", why);
    samples.add_read("int_of_float", 5, "5.0", why);
    samples.add_read("int_of_bool", 1, "True", why);
    samples.add_read("int_of_0d", 7, "np.array(7, 'u1')", why);
    samples.add_read("int_of_big_endian", 7, "np.array(7, '>i4')", why);
    samples.add_read("bool_of_numpy", true, "np.bool_(True)", why);
    samples.add_read("double_of_int", 3.0, "3", why);
    samples.add_read("double_of_half", 0.5, "np.float16(0.5)", why);
    samples.add_read("double_of_0d", -0.0, "np.array(-0.0)", why);
    samples.add_read("float_of_float32", 0.1F, "np.float32(0.1)", why);
    samples.add_read("complex_of_numpy", std::complex<float>(1, -2), "np.complex128(1 - 2j)", why);
    samples.add_read("string_of_numpy", Text("caf\u00e9"), R"(np.str_('caf\u00e9'))", "C++ writes a str");
}

void add_containers_of_python(Samples& samples) {
    const Text why = "C++ writes the plain container";
    const std::map<Text, int> counts{{"a", 1}, {"b", 2}};
    samples.add_read("bytes_of_bytearray", std::vector<std::byte>{std::byte{1}}, R"(bytearray(b'\1'))", why);
    samples.add_read("set_of_frozenset", std::set<int>{1, 2}, "frozenset([1, 2])", why);
    samples.add_read("set_of_list", std::set<int>{1, 2}, "[2, 1]", why);
    samples.add_read("deque_of_deque", std::deque<int>{1, 2}, "collections.deque([1, 2])", why);
    samples.add_read("map_of_ordered", counts, "collections.OrderedDict([('b', 2), ('a', 1)])", why);
    samples.add_read("map_of_default", counts, "collections.defaultdict(int, {'a': 1, 'b': 2})", why);
    samples.add_read("map_of_counter", counts, "collections.Counter('abb')", why);
    samples.add_read("map_of_object", counts, "Namespace(a=1, b=2)", why);
    samples.add_read("vector_of_list", std::vector<double>{1, 2.5}, "[1, 2.5]", "C++ writes an array");
    samples.add_read("array_of_tuple", std::array<int, 2>{1, 2}, "(1, 2)", "C++ writes an array");
    samples.add_read("pair_of_list", std::pair<int, Text>(1, "x"), "[1, 'x']", "C++ writes a tuple");
}

void add_objects(Samples& samples) {
    const Text why = "C++ writes a SimpleNamespace";
    samples.add_read("struct_of_dict", Point{1, 2.5}, "{'y': 2.5, 'x': 1, 'more': None}", why);
    samples.add_read("struct_of_instance", Point{1, 2.5}, "samples.Plain(x=np.int8(1), y=2.5)", why);
    samples.add_read("struct_of_dataclass", Record{"n", {}, {"t"}}, "samples.Sample('n', None, ['t'])", why);
}

void add_arrays(Samples& samples) {
    const Text why = "C++ writes what it has in memory";
    const std::vector<double> numbers{1, 2};
    samples.add_read("vector_of_half", numbers, "np.array([1, 2], 'f2')", why);
    samples.add_read("vector_of_int", numbers, "np.array([1, 2], '>i8')", why);
    samples.add_read("vector_of_bool", std::vector<int>{1, 0}, "np.array([True, False])", why);
    samples.add_read("vector_of_strided", numbers, "np.array([1.0, 9.0, 2.0])[::2]", why);
    samples.add_read("vector_of_objects", std::vector<Text>{"a", "b"}, "np.array(['a', 'b'], object)", why);
    samples.add_read("vector_of_text", std::vector<Text>{"a", "\u00e9\u00e9"}, R"(np.array(['a', '\u00e9\u00e9']))",
                     why);
    samples.add_read("vector_of_records", std::vector<Row>{{1, 0.5}, {2, 1.5}},
                     "np.rec.array([(0.5, 1), (1.5, 2)], [('v', '>f4'), ('n', 'i2')])", why);
    samples.add_read("xarray_of_other_order", filled<double>({2, 3}), "filled('f8', (2, 3), 'F')", why);
    samples.add_read("xarray_of_matrix", filled<double>({2, 3}), "np.matrix(filled('>i4', (2, 3)) - 1.5)", why);
    samples.add_read("xarray_of_big_endian", filled<float>({2, 3}), "filled('>f8', (2, 3))", why);
}

}  // namespace

void add_readings(Samples& samples) {
    add_numbers_of_numpy(samples);
    add_containers_of_python(samples);
    add_objects(samples);
    add_arrays(samples);
}

}  // namespace interop
