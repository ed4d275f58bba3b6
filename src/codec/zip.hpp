// Zip archives as numpy writes them: the list of members, and one member's bytes in order.
//
//     for (const ZipMember& m : zip_members(file, most)) {
//         auto bytes = open_zip_member(file, m, limits.ratio);
//         bytes->read(…);
//     }
//
// Stored and deflated members, zip64 included; of deflate, only the decoder that gzip files have is needed, so no zip
// library is. What an archive claims is compared with what is there; errors are Error{format}, {truncated}, {checksum},
// {unsupported}; the caller of open_zip_member adds which member it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <jl/source.hpp>

namespace jl::detail {

struct ZipMember {
    std::string name;
    unsigned flags = 0;
    unsigned method = 0;  // 0 stored, 8 deflated
    std::uint32_t crc = 0;
    std::uint64_t compressed = 0;
    std::uint64_t size = 0;
    std::uint64_t header = 0;  // offset of its local header
};

// Whether a file's first bytes are those of an archive, an empty one included.
bool begins_zip(std::span<const std::byte> beginning) noexcept;

// In the order of the central directory; `most`: how many bytes the directory may take. Members that overlap are
// Error{format}.
std::vector<ZipMember> zip_members(const RandomSource& archive, std::uint64_t most);

// The member's bytes; both arguments outlive the result. Its end is reported only after length and CRC were compared.
// `ratio`: Limits::ratio.
std::unique_ptr<Source> open_zip_member(const RandomSource& archive, const ZipMember& member, double ratio);

}  // namespace jl::detail
