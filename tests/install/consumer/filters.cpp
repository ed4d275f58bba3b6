#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <string>

#include <jl/iostreams.hpp>

int main() {
    std::string text;
    boost::iostreams::filtering_ostream out;
    out.push(jl::Compressor("gzip"));
    out.push(jl::Decompressor());
    out.push(boost::iostreams::back_inserter(text));
    out << "through two filters";
    boost::iostreams::close(out);
    return text == "through two filters" ? 0 : 1;
}
