// Boost.Iostreams: jl's codecs in a chain of filters, an object through a chain, and filters that become a codec.
#include <boost/iostreams/device/file.hpp>
#include <boost/iostreams/filter/bzip2.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <cstddef>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <jl/iostreams.hpp>
#include <jl/jl.hpp>

namespace io = boost::iostreams;

int main() {
    {
        io::filtering_ostream out;  // text, on its way to a file that gunzip reads
        out.push(jl::Compressor({"gzip", 6}));
        out.push(io::file_sink("log.gz", std::ios::binary));
        out << "started\nfinished\n";
        io::close(out);  // ends the stream; a failure is thrown here, the destructor would swallow it
    }
    io::filtering_istream in;
    in.push(jl::Decompressor());  // whichever codec it is
    in.push(io::file_source("log.gz", std::ios::binary));
    in.exceptions(std::ios::badbit);  // otherwise an error only sets the stream's state
    std::string first;
    if (!std::getline(in, first) || first != "started") return 1;

    using Table = std::map<std::string, std::vector<double>>;
    const Table table{{"ones", std::vector<double>(1000, 1.0)}, {"pi", {3, 1, 4}}};
    {
        io::filtering_ostream out;  // objects go through any chain: a chain is a stream
        out.push(jl::Compressor({"gzip", 3}, {.n_threads = 2, .block_tables = jl::BlockTables::jl}));
        out.push(io::file_sink("table.pkl.gz", std::ios::binary));
        jl::dump(table, out);
        io::close(out);
    }
    if (jl::load<Table>("table.pkl.gz") != table) return 1;

    // The other way round: two filters of Boost as a codec of jl.
    const jl::Codec files{.extension = ".bb", .magic = {std::byte{'B'}, std::byte{'B'}}, .default_level = 9};
    jl::register_compressor("boost-bzip2", jl::filter_codec(
                                               files, [](int level) { return io::bzip2_compressor(level); },
                                               [] { return io::bzip2_decompressor(); }, jl::MagicFrom::adapter));
    jl::dump(table, "table.pkl.bb");
    std::cout << "came back: " << std::boolalpha << (jl::load<Table>("table.pkl.bb") == table) << '\n';
    return jl::load<Table>("table.pkl.bb") == table ? 0 : 1;
}
