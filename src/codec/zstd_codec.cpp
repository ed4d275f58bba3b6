#ifdef JL_HAS_ZSTD

#include "codec/zstd_codec.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <string>
#include <zstd.h>
#include <zstd_errors.h>

#include <jl/error.hpp>

#include "codec/frame_framing.hpp"

namespace jl::detail {
namespace {

std::size_t checked(std::size_t result) {
    if (ZSTD_isError(result) == 0) return result;
    const ZSTD_ErrorCode error = ZSTD_getErrorCode(result);
    if (error == ZSTD_error_memory_allocation) throw std::bad_alloc();
    if (error == ZSTD_error_frameParameter_windowTooLarge)
        throw Error(ErrorCode::limit, "the zstd frame asks for a window of more than 128 MiB");
    if (error == ZSTD_error_dictionary_wrong) throw Error(ErrorCode::unsupported, "the zstd frame needs a dictionary");
    const ErrorCode code = error == ZSTD_error_checksum_wrong ? ErrorCode::checksum : ErrorCode::format;
    throw Error(code, "the zstd frame is damaged: " + std::string(ZSTD_getErrorName(result)));
}

struct Free {
    void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

template <class Context>
std::unique_ptr<Context, Free> owned(Context* context) {
    if (context == nullptr) throw std::bad_alloc();
    return std::unique_ptr<Context, Free>(context);
}

class ZstdUnitEncoder final : public UnitEncoder {
  public:
    explicit ZstdUnitEncoder(int level) : context_(owned(ZSTD_createCCtx())) {
        checked(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level));
        checked(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1));
    }

    std::size_t encode(std::span<const std::byte> unit, std::span<std::byte> out) override {
        return checked(ZSTD_compress2(context_.get(), out.data(), out.size(), unit.data(), unit.size()));
    }

  private:
    std::unique_ptr<ZSTD_CCtx, Free> context_;
};

class ZstdUnitDecoder final : public UnitDecoder {
  public:
    ZstdUnitDecoder() : context_(owned(ZSTD_createDCtx())) {}

    void decode(std::span<std::byte> unit, std::span<std::byte> out) override {
        const std::size_t size = unit.size() - spare_bytes;
        if (checked(ZSTD_decompressDCtx(context_.get(), out.data(), out.size(), unit.data(), size)) != out.size())
            fail_unit();
    }

  private:
    std::unique_ptr<ZSTD_DCtx, Free> context_;
};

class ZstdDecoder final : public Decoder {
  public:
    ZstdDecoder() : context_(owned(ZSTD_createDCtx())) {}

    CoderStep decode(std::span<const std::byte> in, std::span<std::byte> out) override {
        ZSTD_inBuffer input{in.data(), in.size(), 0};
        ZSTD_outBuffer output{out.data(), out.size(), 0};
        const bool ended = checked(ZSTD_decompressStream(context_.get(), &output, &input)) == 0;
        keep_header(in.first(input.pos));
        produced_ += output.pos;
        if (ended) check_size();
        return {input.pos, output.pos, ended};
    }

  private:
    void keep_header(std::span<const std::byte> in) {
        const std::size_t count = std::min(in.size(), header_.size() - header_size_);
        std::copy_n(in.begin(), count, header_.begin() + static_cast<std::ptrdiff_t>(header_size_));
        header_size_ += count;
    }
    // libzstd itself does so only for frames that it is given whole.
    void check_size() const {
        const unsigned long long claimed = ZSTD_getFrameContentSize(header_.data(), header_size_);
        if (claimed == ZSTD_CONTENTSIZE_UNKNOWN || claimed == produced_) return;
        throw Error(ErrorCode::format, "the zstd frame is damaged: its header claims " + std::to_string(claimed) +
                                           " bytes, it holds " + std::to_string(produced_));
    }

    std::unique_ptr<ZSTD_DCtx, Free> context_;
    std::array<std::byte, 18> header_{};  // the longest there is
    std::size_t header_size_ = 0;
    std::uint64_t produced_ = 0;
};

// Where a level looks further back than this, larger units are worth their memory.
std::size_t unit_bytes_of(int level) { return std::size_t{level <= 9 ? 1U : 4U} << 20; }

const FrameFraming& framing() {
    static const FrameFraming framing({
        .unit_bytes = unit_bytes_of,
        .most_encoded = [](std::size_t unit) { return ZSTD_compressBound(unit); },
        .unit_encoder = [](int level) -> std::unique_ptr<UnitEncoder> {
            return std::make_unique<ZstdUnitEncoder>(level);
        },
        .unit_decoder = []() -> std::unique_ptr<UnitDecoder> { return std::make_unique<ZstdUnitDecoder>(); },
        .frame_at = zstd_frame_at,
    });
    return framing;
}

}  // namespace

BuiltInCodec zstd_codec() {
    static const BuiltInCodec codec{std::make_shared<const Codec>(Codec{
                                        .name = "zstd",
                                        .extension = ".zst",
                                        .magic = {std::byte{0x28}, std::byte{0xB5}, std::byte{0x2F}, std::byte{0xFD}},
                                        .default_level = 3,
                                        .min_level = 1,
                                        .max_level = 19,
                                        .encoder = [](int level) { return block_encoder(framing(), level); },
                                        .decoder = [] { return std::make_unique<ZstdDecoder>(); },
                                    }),
                                    &framing()};
    return codec;
}

}  // namespace jl::detail

#endif
