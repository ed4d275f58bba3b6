// The two kernels of a codec that cuts its streams in units: one unit in, one unit out, no I/O.
//
//     auto encoder = framing.unit_encoder(3);  const std::size_t size = encoder->encode(unit, out);
//     auto decoder = stream.unit_decoder();    decoder->decode(coded_and_spare_bytes, out);
//
// One thread at a time; several coders may work at once.
#pragma once

#include <cstddef>
#include <span>

#include <jl/codec.hpp>

namespace jl::detail {

class UnitEncoder {
  public:
    virtual ~UnitEncoder() = default;
    // The unit's coded size; `out` holds what BlockFraming::most_encoded says. The same unit gives the same bytes.
    virtual std::size_t encode(std::span<const std::byte> unit, std::span<std::byte> out) = 0;
};

class UnitDecoder {
  public:
    virtual ~UnitDecoder() = default;
    // Bytes that decode() may overwrite behind the coded ones.
    static constexpr std::size_t spare_bytes = 5;
    // `unit` is the coded unit followed by spare_bytes; it must be consumed exactly and fill `out` exactly. Damage
    // throws Error{format} or {checksum}.
    virtual void decode(std::span<std::byte> unit, std::span<std::byte> out) = 0;
};

// Decodes a stream that is the whole of `in` and fills `out` exactly; fails as units do.
void decode_whole(Decoder& decoder, std::span<const std::byte> in, std::span<std::byte> out);

// For a unit that is not what the table of its stream says.
[[noreturn]] void fail_unit();

}  // namespace jl::detail
