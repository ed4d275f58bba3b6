#ifdef JL_HAS_ISAL

#include <algorithm>
#include <isa-l/igzip_lib.h>
#include <string>

#include <jl/error.hpp>

#include "codec/raw_inflater.hpp"

namespace jl::detail {
namespace {

const char* reason(int result) {
    switch (result) {
        case ISAL_INVALID_BLOCK:
            return "invalid deflate block";
        case ISAL_INVALID_SYMBOL:
            return "invalid deflate symbol";
        case ISAL_INVALID_LOOKBACK:
            return "a deflate match reaches back before the beginning";
        default:
            return "invalid deflate data";
    }
}

class IsalRawInflater final : public RawInflater {
  public:
    IsalRawInflater() { isal_inflate_init(&state_); }

    CoderStep inflate(std::span<const std::byte> in, std::span<std::byte> out) override {
        constexpr std::size_t at_once = std::size_t{1} << 30;  // ISA-L computes in 32 bits, some of it signed
        const auto given = static_cast<std::uint32_t>(std::min(in.size(), at_once));
        const auto room = static_cast<std::uint32_t>(std::min(out.size(), at_once));
        state_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(in.data()));
        state_.avail_in = given;
        state_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
        state_.avail_out = room;
        const int result = isal_inflate(&state_);
        if (result < 0) throw Error(ErrorCode::format, reason(result));
        const bool finished = state_.block_state == ISAL_BLOCK_FINISH;
        if (finished || state_.avail_out == 0) give_back(given);
        return {given - state_.avail_in, room - state_.avail_out, finished};
    }

  private:
    // ISA-L reads ahead into a bit buffer; what it holds when the output is full may lie behind the stream's end, and
    // when the end is found the caller may have left that input behind. (Versions before 2.31 do not even return it
    // then.) Bits held for want of input need no return: they begin a symbol of the stream.
    void give_back(std::uint32_t given) noexcept {
        if (state_.tmp_in_size != 0) return;
        const auto ahead = static_cast<std::uint32_t>(state_.read_in_length) / 8;
        const std::uint32_t bytes = std::min(ahead, given - state_.avail_in);
        if (bytes == 0) return;
        state_.read_in_length -= static_cast<std::int32_t>(bytes * 8);
        state_.read_in &= (std::uint64_t{1} << state_.read_in_length) - 1;
        state_.next_in -= bytes;
        state_.avail_in += bytes;
    }

    inflate_state state_;
};

}  // namespace

std::unique_ptr<RawInflater> isal_raw_inflater() { return std::make_unique<IsalRawInflater>(); }

}  // namespace jl::detail

#endif
