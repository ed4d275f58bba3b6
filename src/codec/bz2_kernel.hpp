// bz2 streams of one unit each, and the decoder of any bz2 stream.
//
//     const std::size_t size = bz2_encode(unit, out, 9);
//     Bz2Decoder decoder;  CoderStep step = decoder.decode(in, out);
//
// Damage throws Error{format}: libbz2 does not tell a wrong checksum from other damage.
#pragma once

#include <bzlib.h>
#include <cstddef>
#include <span>

#include <jl/codec.hpp>

namespace jl::detail {

constexpr std::size_t bz2_most_encoded(std::size_t unit) noexcept { return unit + unit / 100 + 600; }
// Precondition: `out` holds bz2_most_encoded(unit.size()).
std::size_t bz2_encode(std::span<const std::byte> unit, std::span<std::byte> out, int level);

class Bz2Decoder final : public Decoder {
  public:
    Bz2Decoder();
    Bz2Decoder(const Bz2Decoder&) = delete;
    Bz2Decoder& operator=(const Bz2Decoder&) = delete;
    ~Bz2Decoder() override { BZ2_bzDecompressEnd(&stream_); }

    CoderStep decode(std::span<const std::byte> in, std::span<std::byte> out) override;

  private:
    bz_stream stream_{};
};

}  // namespace jl::detail
