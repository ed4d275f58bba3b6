// jl::hash and what it is measured against: reading memory, XXH3, md5 and sha1 of the bytes alone (see protocol.hpp).
// Small cases run a thousand times, so that a call is seen.
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <openssl/evp.h>
#include <span>
#include <string>
#include <thread>
#include <tuple>
#include <vector>
#include <xxhash.h>

#include <jl/jl.hpp>

#include "protocol.hpp"

namespace {

constexpr std::size_t times = 1'000;
constexpr std::uint64_t rows = 4'000, columns = 12'500;  // 400 MB of double

// What no optimiser may drop.
std::atomic<std::uint64_t> sink{0};

std::shared_ptr<jl::Array<double>> array(char order) {
    auto made = std::make_shared<jl::Array<double>>(std::vector<std::uint64_t>{rows, columns}, order);
    for (std::size_t i = 0; i < made->size(); ++i) made->data()[i] = static_cast<double>(i) * 0.5;
    return made;
}

std::uint64_t sum_of(std::span<const double> numbers) {
    std::uint64_t sums[8] = {};
    const auto* words = reinterpret_cast<const std::uint64_t*>(numbers.data());
    for (std::size_t i = 0; i + 8 <= numbers.size(); i += 8)
        for (std::size_t k = 0; k < 8; ++k) sums[k] += words[i + k];
    std::uint64_t sum = 0;
    for (const std::uint64_t each : sums) sum += each;
    return sum;
}

void read_memory(const jl::Array<double>& data) {
    const std::size_t count = std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::jthread> threads;
    const std::size_t part = data.size() / count;
    for (std::size_t i = 0; i < count; ++i)
        threads.emplace_back([&, i] { sink += sum_of(data.items().subspan(i * part, part)); });
}

compare::Prepare on_array(char order, void (*use)(const jl::Array<double>&)) {
    return [=] {
        const auto data = array(order);
        return [=] { use(*data); };
    };
}

void digest(const jl::Array<double>& data, const EVP_MD* algorithm) {
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(data.data(), data.size() * sizeof(double), out, &size, algorithm, nullptr);
    sink += out[0];
}

template <class T>
compare::Prepare on_value(T (*make)(), std::size_t repeat) {
    return [=] {
        const auto value = std::make_shared<T>(make());
        return [=] {
            for (std::size_t i = 0; i < repeat; ++i) sink += static_cast<std::uint64_t>(jl::hash(*value)[0]);
        };
    };
}

std::tuple<int, int, int> three_ints() { return {1, 2, 3}; }
std::tuple<std::string, double, std::vector<double>> arguments() {
    return {"image", 0.5, std::vector<double>(10, 1.5)};
}
std::vector<double> small_array() { return std::vector<double>(1'000, 1.5); }
std::vector<std::string> texts() {
    std::vector<std::string> made;
    for (int i = 0; i < 100'000; ++i) made.push_back("text " + std::to_string(i));
    return made;
}
std::map<std::string, double> dictionary() {
    std::map<std::string, double> made;
    for (int i = 0; i < 100'000; ++i) made["key" + std::to_string(i)] = i * 0.5;
    return made;
}
jl::Value loaded() { return jl::Value(texts()); }

}  // namespace

int main() {
    const auto hash = [](const jl::Array<double>& data) { sink += static_cast<std::uint64_t>(jl::hash(data)[0]); };
    const auto hash_1 = [](const jl::Array<double>& data) {
        sink += static_cast<std::uint64_t>(jl::hash(data, {.n_threads = 1})[0]);
    };
    const auto xxh3 = [](const jl::Array<double>& data) { sink += XXH3_128bits(data.data(), data.size() * 8).low64; };
    return compare::serve({
        {"array", on_array('C', hash)},
        {"array_1_thread", on_array('C', hash_1)},
        {"array_f", on_array('F', hash)},
        {"read", on_array('C', read_memory)},
        {"xxh3", on_array('C', xxh3)},
        {"md5", on_array('C', [](const jl::Array<double>& data) { digest(data, EVP_md5()); })},
        {"sha1", on_array('C', [](const jl::Array<double>& data) { digest(data, EVP_sha1()); })},
        {"three_ints", on_value(three_ints, times)},
        {"arguments", on_value(arguments, times)},
        {"small_array", on_value(small_array, times)},
        {"texts", on_value(texts, 1)},
        {"texts_loaded", on_value(loaded, 1)},
        {"dict", on_value(dictionary, 1)},
    });
}
