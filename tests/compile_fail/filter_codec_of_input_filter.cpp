// expect: filters that can be written to
#include <boost/iostreams/concepts.hpp>
#include <boost/iostreams/operations.hpp>

#include <jl/iostreams.hpp>

struct ReadOnly : boost::iostreams::input_filter {
    template <class Source>
    int get(Source& from) {
        return boost::iostreams::get(from);
    }
};

int main() {
    jl::filter_codec(
        {}, [](int) { return ReadOnly(); }, [] { return ReadOnly(); });
}
