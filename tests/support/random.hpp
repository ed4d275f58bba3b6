// Random but reproducible test data: the seed is printed with every failure, and taken from JL_TEST_SEED when set.
//
//     Random random;  SCOPED_TRACE(random.seed_text());  const auto n = random.below(100);
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace jl::test {

class Random {
  public:
    Random() : Random(chosen_seed()) {}
    explicit Random(std::uint64_t seed) : seed_(seed), engine_(seed) {}

    std::string seed_text() const { return "JL_TEST_SEED=" + std::to_string(seed_); }
    std::uint64_t next() { return engine_(); }
    // 0 ... bound - 1. Precondition: bound > 0.
    std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
    // first ... last
    std::int64_t between(std::int64_t first, std::int64_t last) {
        return first + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(last - first) + 1));
    }
    std::vector<std::byte> bytes(std::size_t count) {
        std::vector<std::byte> result(count);
        for (std::byte& byte : result) byte = static_cast<std::byte>(engine_() & 0xFFU);
        return result;
    }

  private:
    static std::uint64_t chosen_seed() {
        if (const char* const text = std::getenv("JL_TEST_SEED")) return std::strtoull(text, nullptr, 10);
        return std::random_device{}();
    }

    std::uint64_t seed_;
    std::mt19937_64 engine_;
};

}  // namespace jl::test
