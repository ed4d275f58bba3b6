// expect: the key type needs operator<
#include <unordered_set>

#include <jl/jl.hpp>

struct Key {
    int a = 0;
    bool operator==(const Key&) const = default;
};
template <>
struct std::hash<Key> {
    std::size_t operator()(const Key& key) const { return static_cast<std::size_t>(key.a); }
};

int main() { jl::dump(std::unordered_set<Key>{Key{1}}, "x.pkl"); }
