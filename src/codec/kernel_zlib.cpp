#include <limits>
#include <new>
#include <zlib.h>

#include "codec/unit_deflater.hpp"

namespace jl::detail {
namespace {

class ZlibKernel final : public DeflateKernel {
  public:
    explicit ZlibKernel(int level) {
        constexpr int raw_32k_window = -15;
        constexpr int memory_level = 9;
        if (deflateInit2(&stream_, level, Z_DEFLATED, raw_32k_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    ZlibKernel(const ZlibKernel&) = delete;
    ZlibKernel& operator=(const ZlibKernel&) = delete;
    ~ZlibKernel() override { deflateEnd(&stream_); }

    std::size_t deflate(std::span<const std::byte> unit, std::span<std::byte> out) override {
        constexpr std::size_t most = std::numeric_limits<uInt>::max();
        if (unit.size() > most || out.size() > most) return 0;
        deflateReset(&stream_);
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(unit.data()));
        stream_.avail_in = static_cast<uInt>(unit.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        const int result = ::deflate(&stream_, Z_FULL_FLUSH);
        // A flush is complete only when room is left.
        const bool complete = result == Z_OK && stream_.avail_in == 0 && stream_.avail_out > 0;
        return complete ? out.size() - stream_.avail_out : 0;
    }

  private:
    z_stream stream_{};
};

}  // namespace

std::unique_ptr<DeflateKernel> zlib_kernel(int level) { return std::make_unique<ZlibKernel>(level); }

}  // namespace jl::detail
