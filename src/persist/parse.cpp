#include "persist/parse.hpp"

#include <algorithm>

#include <jl/npy.hpp>

#include "codec/zip.hpp"
#include "graph/npy_array.hpp"

namespace jl {

namespace {
constexpr std::size_t zip_magic_bytes = 4;
constexpr std::byte zip_begins{'P'};
constexpr std::byte npy_begins{0x93};
}  // namespace

// No pickle begins with either first byte; no more bytes are looked at than these forms have at least.
Cell parse_object(Input& in, Document& document, PayloadLoader& loader, Companions* companions) {
    const std::span<const std::byte> first = in.peek(1);
    if (!first.empty() && first[0] == npy_begins && begins_npy(in.peek(npy_magic.size())))
        return read_npy(in, document, loader);
    if (!first.empty() && first[0] == zip_begins && detail::begins_zip(in.peek(zip_magic_bytes)))
        throw Error(ErrorCode::unsupported,
                    "a zip archive (.npz) is read from its end: load it uncompressed, from a file or from memory");
    GraphBuilder builder(loader, companions);
    return Machine(in, document, builder).run();
}

bool is_archive(const RandomSource& file) {
    std::byte beginning[zip_magic_bytes];
    if (file.size() < sizeof beginning) return false;
    file.read_at(0, beginning);
    return detail::begins_zip(beginning);
}

}  // namespace jl
