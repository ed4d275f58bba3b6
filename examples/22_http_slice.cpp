// Rows of an array on a web server: only their bytes travel. The server is told by JL_WEB, as http://host:port; it
// hands out the current folder.
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include <jl/http.hpp>
#include <jl/jl.hpp>

int main() {
    jl::Array<float> measured({100'000, 64});
    for (std::uint64_t i = 0; i < measured.size(); ++i) measured.data()[i] = static_cast<float>(i);
    jl::dump(std::map<std::string, jl::Array<float>>{{"measured", measured}}, "measurements.pkl");  // 25 MB

    const char* const server = std::getenv("JL_WEB");
    if (server == nullptr) {
        std::cerr << "22_http_slice: JL_WEB names no web server over this folder\n";
        return 1;
    }
    const std::string url = std::string(server) + "/measurements.pkl";
    const jl::File file(url);                                         // one request: the end of the file
    const auto rows = file.slice<float>("measured", 50'000, 50'004);  // one more: 1 MiB, whose checksum is compared
    std::cout << "row 50000 begins with " << rows.data()[0] << '\n';

    // The same with options.
    const auto source = std::make_shared<jl::HttpSource>(url, jl::HttpOptions{.retries = 8});
    std::cout << source->size() << " bytes at the server\n";
    std::cout << jl::File(source).arrays().size() << " array\n";
}
