// What fuzz targets share: bounds, fingerprints, scratch files, the end of a run that found something.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include <jl/jl.hpp>

namespace jl::fuzz {

inline constexpr Limits bounds{.bytes = std::uint64_t{32} << 20, .items = 1U << 20, .depth = 1'000, .ratio = 1'100};

// Ends the program where a property of the library does not hold.
inline void require(bool holds, const char* property) {
    if (holds) return;
    std::fprintf(stderr, "violated: %s\n", property);
    std::abort();
}

inline std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Equal for equal values: the value written again.
inline std::string fingerprint(const Value& value) {
    MemorySink sink;
    dump(value, sink, {.n_threads = 1});
    return text_of(sink.bytes());
}

// The fingerprint of what `load` returns, or "error <code>".
template <class Load>
std::string outcome(Load load) {
    try {
        return fingerprint(load());
    } catch (const Error& error) {
        return "error " + std::string(name_of(error.code()));
    }
}

// What was written loads, and is a fixed point from then on. (Once: an unknown subclass of an array becomes an object.)
inline void require_stable(const std::string& written) {
    const std::string again = fingerprint(load(std::as_bytes(std::span(written))));
    require(fingerprint(load(std::as_bytes(std::span(again)))) == again, "what is written loads as what it was");
}

inline bool is_error(const std::string& outcome) { return outcome.starts_with("error "); }

// A file of this process with the given content.
const std::string& scratch_file(std::span<const std::byte> content);

}  // namespace jl::fuzz
