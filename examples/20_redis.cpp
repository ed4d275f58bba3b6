// A value in Redis: dumped, loaded, one array of it by name. The server is told by JL_REDIS, as redis://host:port.
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <jl/jl.hpp>
#include <jl/redis.hpp>

int main() {
    const char* const server = std::getenv("JL_REDIS");
    const std::string url = std::string(server != nullptr ? server : "redis://127.0.0.1:6379") + "/jl-example.pkl";
    const std::map<std::string, std::vector<double>> model{{"weights", {0.5, -1.25, 3.0}}, {"bias", {0.1}}};

    jl::dump(model, url);  // replaces the old value at once, or leaves it
    std::cout << "weights: " << jl::load<std::map<std::string, std::vector<double>>>(url).at("weights").size() << '\n';

    const jl::File file(url);  // reads the directory only
    const auto weights = file.array<double>("weights");
    std::cout << "the last weight: " << weights.data()[2] << '\n';

    // Options that no URL has, and a commit of one's own.
    jl::RedisPlace place = jl::RedisPlace::from_url(url);
    place.timeout = std::chrono::seconds(2);
    jl::RedisSink sink(place);
    jl::dump(7, sink);
    sink.commit();  // until here the old value is there
    std::cout << "now: " << jl::load<int>(url) << '\n';
}
