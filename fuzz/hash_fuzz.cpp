// The key of whatever a file holds: no crash, one key for the value, for what dump makes of it, and at any number of
// threads.
#if defined(JL_HAS_XXHASH)

#include "support/check.hpp"
#include "support/mutator.hpp"

namespace {

std::string key(const jl::Value& value, unsigned n_threads = 1) {
    return jl::hash(value, {.hash_name = "xxh3_128", .n_threads = n_threads});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace jl::fuzz;
    try {
        const jl::LoadOptions options{.n_threads = 1, .limits = bounds};
        const jl::Value value = jl::load(std::as_bytes(std::span(data, size)), options);
        const std::string expected = key(value);
        require(key(value, 2) == expected, "threads do not change a key");
        const std::string written = fingerprint(value);
        const jl::Value again = jl::load(std::as_bytes(std::span(written)));
        // Once: an unknown subclass of an array becomes an object.
        const std::string twice = fingerprint(again);
        require(key(jl::load(std::as_bytes(std::span(twice)))) == key(again),
                "what is written has the key of the value");
    } catch (const jl::Error&) {
    }
    return 0;
}

#else

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t*, std::size_t) { return 0; }

#endif
