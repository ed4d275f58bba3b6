// File objects: standard streams at any position, several objects one after the other, and any object with write(span)
// and read(span), such as the client of a remote store.
#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iostream>
#include <map>
#include <span>
#include <sstream>
#include <string>
#include <vector>
#include <xtensor/xbuilder.hpp>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

using A = std::map<std::string, xt::xarray<double>>;
using B = std::vector<std::string>;

// A client of a store that keeps blobs by host, port and number. This one keeps them in the process.
struct RemoteStoreObject {
    RemoteStoreObject(const std::string& host, int port, int id)
        : blob_(blobs()[host + ':' + std::to_string(port) + '/' + std::to_string(id)]) {}

    void write(std::span<const std::byte> bytes) { blob_.insert(blob_.end(), bytes.begin(), bytes.end()); }
    std::size_t read(std::span<std::byte> into) {
        const std::size_t count = std::min(into.size(), blob_.size() - next_);
        std::copy_n(blob_.begin() + static_cast<std::ptrdiff_t>(next_), count, into.begin());
        next_ += count;
        return count;  // 0 at the end
    }
    std::size_t size() const { return blob_.size(); }

  private:
    static std::map<std::string, std::vector<std::byte>>& blobs() {
        static std::map<std::string, std::vector<std::byte>> all;
        return all;
    }
    std::vector<std::byte>& blob_;
    std::size_t next_ = 0;
};

int main() {
    const A a{{"x", xt::arange<double>(1000)}};
    const B b{"one", "two"};
    {
        std::ofstream fo("two.pkl", std::ios::binary);
        jl::dump(a, fo);
        jl::dump(b, fo);
    }
    std::ifstream fi("two.pkl", std::ios::binary);
    auto a2 = jl::load<A>(fi);
    auto b2 = jl::load<B>(fi);
    if (a2 != a || b2 != b) return 1;

    std::stringstream text;  // a position of its own, and something of one's own behind
    text << "header\n";
    jl::dump(a, text, {.compress = "gzip"});
    std::string header;
    std::getline(text, header);
    if (header != "header" || jl::load<A>(text) != a) return 1;

    const std::string host = "store.example.org";
    constexpr int port = 4711;
    constexpr int id = 1;
    const A& obj = a;
    RemoteStoreObject rso(host, port, id);
    jl::dump(obj, rso);  // any type with write(span) / read(span)
    std::cout << "the store holds " << rso.size() << " bytes\n";
    RemoteStoreObject again(host, port, id);
    if (jl::load<A>(again) != a) return 1;

    jl::MemorySink memory;
    jl::dump(b, memory);
    return jl::load<B>(memory.bytes()) == b ? 0 : 1;
}
