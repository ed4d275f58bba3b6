// What may be one thing or another, and nothing at all.
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "interop/matrix.hpp"

namespace interop {

void add_choices(Samples& samples) {
    using Text = std::string;
    samples.add("nullptr", nullptr, "None");
    samples.add("monostate", std::monostate(), "None");
    samples.add("optional_empty", std::optional<int>(), "None");
    samples.add("optional_int", std::optional<int>(5), "5");
    samples.add("optional_string", std::optional<Text>("set"), "'set'");
    samples.add("optional_vector", std::optional(std::vector<float>{0.5F}), "np.array([0.5], 'f4')");
    samples.add("optional_map", std::optional(std::map<Text, std::optional<int>>{{"a", {}}, {"b", 1}}),
                "{'a': None, 'b': 1}");

    using Choice = std::variant<std::monostate, bool, std::int64_t, double, Text, std::vector<double>,
                                std::vector<Text>, std::map<Text, int>>;
    samples.add("variant_none", Choice(), "None");
    samples.add("variant_bool", Choice(true), "True");
    samples.add("variant_int", Choice(std::int64_t{-3}), "-3");
    samples.add("variant_double", Choice(3.0), "3.0");
    samples.add("variant_string", Choice(Text("text")), "'text'");
    samples.add("variant_array", Choice(std::vector<double>{1, 2}), "np.array([1.0, 2.0])");
    samples.add("variant_list", Choice(std::vector<Text>{"a"}), "['a']");
    samples.add("variant_dict", Choice(std::map<Text, int>{{"a", 1}}), "{'a': 1}");
    samples.add("vector_variant", std::vector<Choice>{{}, false, std::int64_t{1}, -0.0, Text("x")},
                "[None, False, 1, -0.0, 'x']");
}

}  // namespace interop
