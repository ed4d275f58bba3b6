// jl::Memory for memory.py. `memory_worker FOLDER` serves cases (see protocol.hpp), a thousand calls each;
// `memory_worker FOLDER contend KEYS` prints how many results this process computed, `memory_worker FOLDER many N` the
// microseconds of one addition, hit, addition under a limit, and the seconds of one reduction, with N entries.
#include <string>
#include <vector>

#include <jl/jl.hpp>

#include "protocol.hpp"

namespace {

constexpr int times = 1'000;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

int serve(const std::string& folder) {
    const jl::Memory mem(folder, {.verbose = 0});
    const auto product = mem.cache("product", [](int x, double y) { return x * y; });
    const auto same = mem.cache("same", [](const std::vector<double>& x) { return x; });
    const std::vector<double> thousand(1'000, 1.5);
    int fresh = 0;
    return compare::serve({{"hit",
                            [&] {
                                product(1, 2.0);
                                return [&] {
                                    for (int i = 0; i < times; ++i) product(1, 2.0);
                                };
                            }},
                           {"hit_array",
                            [&] {
                                same(thousand);
                                return [&] {
                                    for (int i = 0; i < times; ++i) same(thousand);
                                };
                            }},
                           {"miss", [&] {
                                return [&] {
                                    for (int i = 0; i < times; ++i) product(++fresh, 3.0);
                                };
                            }}});
}

int contend(const std::string& folder, int keys) {
    const jl::Memory mem(folder, {.verbose = 0});
    const auto f = mem.cache("contended", [](int x) { return std::vector<double>(100, x); });
    for (int key = 0; key < keys; ++key) f(key);
    std::cout << mem.statistics().misses << std::endl;
    return 0;
}

int many(const std::string& folder, int entries) {
    const jl::Memory mem(folder, {.verbose = 0});
    const auto f = mem.cache("f", [](int x) { return x; });
    auto begin = Clock::now();
    for (int x = 0; x < entries; ++x) f.insert(x, x);
    std::cout << "add " << seconds_since(begin) / entries * 1e6 << " us" << std::endl;
    begin = Clock::now();
    for (int x = 0; x < times; ++x) f(x);
    std::cout << "hit " << seconds_since(begin) / times * 1e6 << " us" << std::endl;
    const auto limit = static_cast<std::uint64_t>(entries);
    const jl::Memory limited(folder, {.verbose = 0, .items_limit = limit + times / 2});
    const auto g = limited.cache("f", [](int x) { return x; });
    begin = Clock::now();
    for (int x = 0; x < times; ++x) g(entries + x);
    std::cout << "add under a limit, one reduction of a tenth included " << seconds_since(begin) / times * 1e6 << " us"
              << std::endl;
    begin = Clock::now();
    const auto removed = mem.reduce_size({.items_limit = limit / 2});
    std::cout << "reduce by " << removed << " " << seconds_since(begin) << " s" << std::endl;
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string verb = argc > 3 ? argv[2] : "";
    if (verb == "contend") return contend(argv[1], std::atoi(argv[3]));
    if (verb == "many") return many(argv[1], std::atoi(argv[3]));
    return argc == 2 ? serve(argv[1]) : 2;
}
