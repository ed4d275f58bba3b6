// Structures as objects: aggregates, described classes, classes of Python.
#include <boost/describe.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "interop/matrix.hpp"

namespace interop {

struct Inner {
    std::string key;
    std::vector<float> data;
    bool operator==(const Inner&) const = default;
};

struct Outer {
    std::string name;
    int count = 0;
    std::optional<double> score;
    Inner inner;
    std::vector<Inner> rest;
    std::map<std::string, int> tags;
    bool operator==(const Outer&) const = default;
};

struct Nothing {
    bool operator==(const Nothing&) const = default;
};

struct OldBase {
    int base = 1;
    bool operator==(const OldBase&) const = default;
};
BOOST_DESCRIBE_STRUCT(OldBase, (), (base))

class Account : public OldBase {
  public:
    Account() = default;
    Account(std::string owner, double balance) : owner_(std::move(owner)), balance_(balance) {}
    bool operator==(const Account&) const = default;
    std::string note = "n";

  private:
    std::string owner_;
    double balance_ = 0;
    BOOST_DESCRIBE_CLASS(Account, (OldBase), (note), (), (owner_, balance_))
};

struct OfPython {
    int a = 0;
    std::vector<int> b;
    bool operator==(const OfPython&) const = default;
};

// 64 fields, the most that an aggregate may have without a description.
struct Wide {
    int a0 = 0, a1 = 1, a2 = 2, a3 = 3, a4 = 4, a5 = 5, a6 = 6, a7 = 7, b0 = 0, b1 = 1, b2 = 2, b3 = 3, b4 = 4, b5 = 5,
        b6 = 6, b7 = 7, c0 = 0, c1 = 1, c2 = 2, c3 = 3, c4 = 4, c5 = 5, c6 = 6, c7 = 7, d0 = 0, d1 = 1, d2 = 2, d3 = 3,
        d4 = 4, d5 = 5, d6 = 6, d7 = 7, e0 = 0, e1 = 1, e2 = 2, e3 = 3, e4 = 4, e5 = 5, e6 = 6, e7 = 7, f0 = 0, f1 = 1,
        f2 = 2, f3 = 3, f4 = 4, f5 = 5, f6 = 6, f7 = 7, g0 = 0, g1 = 1, g2 = 2, g3 = 3, g4 = 4, g5 = 5, g6 = 6, g7 = 7,
        h0 = 0, h1 = 1, h2 = 2, h3 = 3, h4 = 4, h5 = 5, h6 = 6, h7 = 7;
    bool operator==(const Wide&) const = default;
};

}  // namespace interop

template <>
struct jl::Schema<interop::OfPython> {
    static constexpr std::string_view python_class = "samples.Plain";
};

namespace interop {

void add_structs(Samples& samples) {
    samples.add("struct", Inner{"k", {0.5F}}, "Namespace(key='k', data=np.array([0.5], 'f4'))");
    const Outer outer{"o", -1, std::nullopt, {"in", {}}, {{"a", {1}}, {"b", {2, 3}}}, {{"x", 1}}};
    samples.add("struct_nested", outer,
                "Namespace(name='o', count=-1, score=None, inner=Namespace(key='in', data=np.zeros(0, 'f4')), "
                "rest=[Namespace(key='a', data=np.array([1], 'f4')), Namespace(key='b', data=np.array([2, 3], 'f4'))], "
                "tags={'x': 1})");
    samples.add("struct_empty", Nothing(), "Namespace()");
    samples.add("struct_64_fields", Wide(), "Namespace(**{f'{c}{i}': i for c in 'abcdefgh' for i in range(8)})");
    samples.add("class_described", Account("me", -2.5), "Namespace(base=1, note='n', owner_='me', balance_=-2.5)");
    samples.add("class_of_python", OfPython{1, {2, 3}}, "samples.Plain(a=1, b=np.array([2, 3], 'i4'))");
    samples.add("list_of_structs", std::vector<Inner>{{"a", {}}, {"b", {1}}},
                "[Namespace(key='a', data=np.zeros(0, 'f4')), Namespace(key='b', data=np.array([1], 'f4'))]");
    samples.add("map_of_structs", std::map<std::string, Nothing>{{"a", {}}}, "{'a': Namespace()}");
}

}  // namespace interop
