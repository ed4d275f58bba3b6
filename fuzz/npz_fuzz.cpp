// Zip directories and members: no crash, no claim believed; members read in pieces of any size are the same.
#include <jl/npz.hpp>

#include "support/check.hpp"

namespace {

constexpr std::size_t most = std::size_t{1} << 20;

// What reading a member gives: its bytes, or how it failed.
std::string content_of(const jl::NpzFile& archive, std::size_t member, std::size_t piece) {
    std::string all, part(piece, '\0');
    try {
        const auto in = archive.open(member);
        while (const std::size_t count = in->read(std::as_writable_bytes(std::span(part)))) {
            all.append(part, 0, count);
            if (all.size() > most) return "long";
        }
        jl::fuzz::require(all.size() == archive.members()[member].size, "a member has the bytes that it claims");
    } catch (const jl::Error& error) {
        return "error";
    }
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace jl;
    const auto bytes = std::as_bytes(std::span(data, size));
    const std::string memory = fuzz::outcome([&] { return load(bytes, {.limits = fuzz::bounds}); });
    if (!fuzz::is_error(memory)) fuzz::require_stable(memory);
    try {
        const NpzFile archive(std::make_shared<MemorySource>(bytes), fuzz::bounds);
        for (std::size_t i = 0; i < archive.members().size(); ++i)
            fuzz::require(content_of(archive, i, 7) == content_of(archive, i, 4096), "pieces of any size are the same");
    } catch (const Error&) {
    }
    return 0;
}
