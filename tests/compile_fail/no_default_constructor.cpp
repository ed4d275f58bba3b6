// expect: a value is loaded by making an empty one
#include <map>

#include <jl/jl.hpp>

struct Meter {
    explicit Meter(double of) : length(of) {}
    double length;
};

template <>
struct jl::Mapping<Meter> {
    static void emit(jl::Emitter& out, const Meter& meter) { out.real(meter.length); }
    static void read(const jl::Record& in, Meter& meter) { meter = Meter(in.real()); }
};

int main() { return static_cast<int>(jl::load<std::map<int, Meter>>("x.pkl").size()); }
