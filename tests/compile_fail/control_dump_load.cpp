// expect success
#include <chrono>
#include <map>
#include <memory>
#include <unordered_set>

#include <jl/jl.hpp>

struct Plain {
    std::string name;
    std::unordered_set<int> keys;
    std::shared_ptr<Plain> next;
    std::chrono::milliseconds time;
};

int main() {
    jl::dump(Plain{}, "x.pkl");
    return jl::load<Plain>("x.pkl").keys.empty() ? 0 : 1;
}
