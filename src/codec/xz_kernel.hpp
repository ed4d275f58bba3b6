// liblzma behind the codecs xz and lzma: blocks of an xz stream, and the streaming coders.
//
//     const std::size_t size = xz_encode_block(unit, out, 6);     xz_decode_block(block, out, xz_check);
//     LzmaDecoder decoder(LzmaFormat::xz);  CoderStep step = decoder.decode(in, out);
//
// Damage throws Error{format} (checksum where liblzma tells); what asks for too big a dictionary Error{limit}.
#pragma once

#include <cstddef>
#include <lzma.h>
#include <span>

#include <jl/codec.hpp>

namespace jl::detail {

// Memory for one decoder: enough for dictionaries of 1 GiB less what the decoder itself takes.
inline constexpr std::uint64_t lzma_memory = std::uint64_t{1} << 30;

inline constexpr lzma_check xz_check = LZMA_CHECK_CRC64;  // as Python's lzma module

std::size_t xz_most_encoded(std::size_t unit);
// A whole block with its header and check; returns its size without the padding before the check (its unpadded size in
// the index), which `out` has nevertheless. Precondition: `out` holds xz_most_encoded(unit.size()).
std::size_t xz_encode_block(std::span<const std::byte> unit, std::span<std::byte> out, int level);
// `block` is decoded to exactly `out`.
void xz_decode_block(std::span<const std::byte> block, std::span<std::byte> out, lzma_check check);

// Throws unless `result` is one of success.
void require_lzma(lzma_ret result);
std::size_t dictionary_bytes(int level);

enum class LzmaFormat : std::uint8_t { xz, alone };

// Coders of whole streams.
class LzmaDecoder final : public Decoder {
  public:
    explicit LzmaDecoder(LzmaFormat format);
    LzmaDecoder(const LzmaDecoder&) = delete;
    LzmaDecoder& operator=(const LzmaDecoder&) = delete;
    ~LzmaDecoder() override { lzma_end(&stream_); }
    CoderStep decode(std::span<const std::byte> in, std::span<std::byte> out) override;

  private:
    lzma_stream stream_ = LZMA_STREAM_INIT;
};

class LzmaAloneEncoder final : public Encoder {
  public:
    explicit LzmaAloneEncoder(int level);
    LzmaAloneEncoder(const LzmaAloneEncoder&) = delete;
    LzmaAloneEncoder& operator=(const LzmaAloneEncoder&) = delete;
    ~LzmaAloneEncoder() override { lzma_end(&stream_); }
    CoderStep encode(std::span<const std::byte> in, std::span<std::byte> out, Input input) override;

  private:
    lzma_stream stream_ = LZMA_STREAM_INIT;
};

}  // namespace jl::detail
