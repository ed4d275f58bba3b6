// Zip archives as numpy writes them: the list of members, and one member's bytes in order.
//
//     for (const ZipMember& m : zip_members(bytes)) { ZipStream in(bytes, m);  in.read(…);  in.finish(); }
//
// Stored and deflated members, zip64 included. What an archive claims is compared with what is there; errors are
// Error{format}, {truncated}, {checksum}, {unsupported} and name the member.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace jl::pack {

struct ZipMember {
    std::string name;
    unsigned flags = 0;
    unsigned method = 0;  // 0 stored, 8 deflated
    std::uint32_t crc = 0;
    std::uint64_t compressed = 0;
    std::uint64_t size = 0;
    std::uint64_t header = 0;  // offset of its local header
};

std::vector<ZipMember> zip_members(std::span<const std::byte> archive);

class ZipStream {
  public:
    // Both outlive the stream.
    ZipStream(std::span<const std::byte> archive, const ZipMember& member);
    ~ZipStream();
    // Fills `into` or throws Error{truncated}.
    void read(std::span<std::byte> into);
    // The whole rest, memory growing with what is really there.
    std::vector<std::byte> rest();
    // Every byte was read, and they are those of the checksum.
    void finish();

  private:
    struct Inflater;
    std::size_t some(std::span<std::byte> into);
    [[noreturn]] void fail(const std::string& what) const;

    const ZipMember* member_;
    std::span<const std::byte> left_;  // of the member's compressed bytes
    std::unique_ptr<Inflater> inflater_;
    std::uint64_t done_ = 0;
    std::uint32_t crc_ = 0;
};

}  // namespace jl::pack
