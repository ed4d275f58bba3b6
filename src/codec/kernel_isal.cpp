#ifdef JL_HAS_ISAL

#include <algorithm>
#include <array>
#include <isa-l/igzip_lib.h>
#include <limits>

#include <jl/buffer.hpp>

#include "codec/unit_deflater.hpp"

namespace jl::detail {
namespace {

constexpr std::array<std::uint32_t, 4> buffer_bytes{ISAL_DEF_LVL0_DEFAULT, ISAL_DEF_LVL1_DEFAULT, ISAL_DEF_LVL2_DEFAULT,
                                                    ISAL_DEF_LVL3_DEFAULT};

// ISA-L reads places of stream and buffer that it has not written: without zeros there, what was there before shows in
// the output.
class IsalKernel final : public DeflateKernel {
  public:
    explicit IsalKernel(int level) : level_(level), buffer_(buffer_bytes[static_cast<std::size_t>(level)]) {}

    std::size_t deflate(std::span<const std::byte> unit, std::span<std::byte> out) override {
        constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
        if (unit.size() > most || out.size() > most) return 0;
        isal_zstream stream{};
        std::ranges::fill(buffer_.bytes(), std::byte{0});
        isal_deflate_stateless_init(&stream);
        stream.level = static_cast<std::uint32_t>(level_);
        stream.level_buf = reinterpret_cast<std::uint8_t*>(buffer_.data());
        stream.level_buf_size = static_cast<std::uint32_t>(buffer_.size());
        stream.flush = FULL_FLUSH;
        stream.end_of_stream = 0;
        stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(unit.data()));
        stream.avail_in = static_cast<std::uint32_t>(unit.size());
        stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
        stream.avail_out = static_cast<std::uint32_t>(out.size());
        if (isal_deflate_stateless(&stream) != COMP_OK || stream.avail_in != 0) return 0;
        // What ISA-L stores it leaves without a flush.
        const std::size_t size = out.size() - stream.avail_out;
        return size < stored_bytes(unit.size()) - stored_bytes(0) ? size : 0;
    }

  private:
    int level_;
    Buffer buffer_;
};

}  // namespace

std::unique_ptr<DeflateKernel> isal_kernel(int isal_level) { return std::make_unique<IsalKernel>(isal_level); }

}  // namespace jl::detail

#endif
