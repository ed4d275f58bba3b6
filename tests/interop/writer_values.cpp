// jl::Value built by hand.
#include <cstdint>
#include <string>
#include <vector>

#include "interop/writer.hpp"

namespace interop {

void put_values(const CaseWriter& writer) {
    using jl::Value;
    writer.put("value_none", Value());
    writer.put("value_built", Value::dict({{"name", std::string("jl")},
                                           {"xs", std::vector<double>{1, 2}},
                                           {7, Value::list({1, Value::tuple({true, 0.5}), Value::set({1, 2})})},
                                           {"object", Value::object({{"a", 1}, {"b", Value::list()}})}}));
    Value ring = Value::list({1});
    ring.push_back(ring);
    writer.put("value_ring", ring);
    Value both = Value::list();
    const Value first = both.push_back(Value::dict({{"k", std::vector<std::int32_t>{1, 2}}}));
    both.push_back(first);
    writer.put("value_shared", both);
}

}  // namespace interop
