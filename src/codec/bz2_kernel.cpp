#ifdef JL_HAS_BZIP2

#include "codec/bz2_kernel.hpp"

#include <algorithm>
#include <bzlib.h>
#include <limits>
#include <new>

#include <jl/error.hpp>

namespace jl::detail {
namespace {

class Bz2Decoder final : public Decoder {
  public:
    Bz2Decoder() {
        if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc();
    }
    Bz2Decoder(const Bz2Decoder&) = delete;
    Bz2Decoder& operator=(const Bz2Decoder&) = delete;
    ~Bz2Decoder() override { BZ2_bzDecompressEnd(&stream_); }

    CoderStep decode(std::span<const std::byte> in, std::span<std::byte> out) override {
        constexpr std::size_t at_once = std::numeric_limits<unsigned>::max();
        const auto given = static_cast<unsigned>(std::min(in.size(), at_once));
        const auto room = static_cast<unsigned>(std::min(out.size(), at_once));
        stream_.next_in = reinterpret_cast<char*>(const_cast<std::byte*>(in.data()));
        stream_.avail_in = given;
        stream_.next_out = reinterpret_cast<char*>(out.data());
        stream_.avail_out = room;
        const int result = BZ2_bzDecompress(&stream_);
        if (result == BZ_MEM_ERROR) throw std::bad_alloc();
        if (result != BZ_OK && result != BZ_STREAM_END) throw Error(ErrorCode::format, "the bz2 stream is damaged");
        return {given - stream_.avail_in, room - stream_.avail_out, result == BZ_STREAM_END};
    }

  private:
    bz_stream stream_{};
};

}  // namespace

std::size_t bz2_encode(std::span<const std::byte> unit, std::span<std::byte> out, int level) {
    char nothing = 0;
    auto size = static_cast<unsigned>(out.size());
    char* const in = unit.empty() ? &nothing : reinterpret_cast<char*>(const_cast<std::byte*>(unit.data()));
    const int result = BZ2_bzBuffToBuffCompress(reinterpret_cast<char*>(out.data()), &size, in,
                                                static_cast<unsigned>(unit.size()), level, 0, 0);
    if (result != BZ_OK) throw std::bad_alloc();
    return size;
}

std::unique_ptr<Decoder> bz2_decoder() { return std::make_unique<Bz2Decoder>(); }

}  // namespace jl::detail

#endif
