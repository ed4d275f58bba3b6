// Decoder of one gzip member or zlib stream: header, deflate data, trailer.
//
//     DeflateDecoder decoder(Framing::gzip);  CoderStep step = decoder.decode(in, out);
//
// `finished` means that checksum and length agreed. What is wrong with the bytes throws Error{format} or {checksum}.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include <jl/codec.hpp>

#include "codec/deflate_framing.hpp"
#include "codec/raw_inflater.hpp"

namespace jl::detail {

class DeflateDecoder final : public Decoder {
  public:
    explicit DeflateDecoder(Framing framing, std::unique_ptr<RawInflater> inflater = raw_inflater());

    CoderStep decode(std::span<const std::byte> in, std::span<std::byte> out) override;

  private:
    CoderStep inflate(std::span<const std::byte> in, std::span<std::byte> out);
    std::size_t take_trailer(std::span<const std::byte> in);

    Framing framing_;
    HeaderReader header_;
    std::unique_ptr<RawInflater> inflater_;  // null once the deflate data has ended
    StreamCheck check_;
    std::uint64_t consumed_ = 0;
    std::array<std::byte, 8> trailer_{};
    std::size_t trailer_size_ = 0;
};

}  // namespace jl::detail
