#include <algorithm>
#include <limits>
#include <new>
#include <string>
#include <zlib.h>

#include <jl/error.hpp>

#include "codec/raw_inflater.hpp"

namespace jl::detail {
namespace {

class ZlibRawInflater final : public RawInflater {
  public:
    ZlibRawInflater() {
        constexpr int raw_32k_window = -15;
        if (inflateInit2(&stream_, raw_32k_window) != Z_OK) throw std::bad_alloc();
    }
    ZlibRawInflater(const ZlibRawInflater&) = delete;
    ZlibRawInflater& operator=(const ZlibRawInflater&) = delete;
    ~ZlibRawInflater() override { inflateEnd(&stream_); }

    CoderStep inflate(std::span<const std::byte> in, std::span<std::byte> out) override {
        constexpr std::size_t at_once = std::numeric_limits<uInt>::max();
        const auto given = static_cast<uInt>(std::min(in.size(), at_once));
        const auto room = static_cast<uInt>(std::min(out.size(), at_once));
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));
        stream_.avail_in = given;
        Bytef nowhere = 0;  // zlib wants an address even where there is no room
        stream_.next_out = room == 0 ? &nowhere : reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = room;
        const int result = room == 0 && given == 0 ? Z_BUF_ERROR : ::inflate(&stream_, Z_NO_FLUSH);
        if (result == Z_MEM_ERROR) throw std::bad_alloc();
        if (result != Z_OK && result != Z_BUF_ERROR && result != Z_STREAM_END) {
            throw Error(ErrorCode::format, stream_.msg != nullptr ? stream_.msg : "invalid deflate data");
        }
        return {given - stream_.avail_in, room - stream_.avail_out, result == Z_STREAM_END};
    }

  private:
    z_stream stream_{};
};

}  // namespace

std::unique_ptr<RawInflater> zlib_raw_inflater() { return std::make_unique<ZlibRawInflater>(); }

std::unique_ptr<RawInflater> raw_inflater() {
#ifdef JL_HAS_ISAL
    return isal_raw_inflater();
#else
    return zlib_raw_inflater();
#endif
}

}  // namespace jl::detail
