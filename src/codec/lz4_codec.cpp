#ifdef JL_HAS_LZ4

#include "codec/lz4_codec.hpp"

#include <lz4frame.h>
#include <new>
#include <optional>
#include <string>
#include <string_view>

#include <jl/error.hpp>

#include "codec/frame_framing.hpp"
#include "codec/lz4_frame.hpp"

namespace jl::detail {
namespace {

std::size_t checked(std::size_t result) {
    if (LZ4F_isError(result) == 0) return result;
    const std::string_view name = LZ4F_getErrorName(result);
    if (name == "ERROR_allocation_failed") throw std::bad_alloc();
    const bool is_sum = name == "ERROR_contentChecksum_invalid" || name == "ERROR_blockChecksum_invalid" ||
                        name == "ERROR_headerChecksum_invalid";
    throw Error(is_sum ? ErrorCode::checksum : ErrorCode::format, "the lz4 frame is damaged: " + std::string(name));
}

constexpr std::size_t unit_bytes_of(int /*level*/) { return std::size_t{1} << 20; }

LZ4F_preferences_t preferences(int level) {
    LZ4F_preferences_t all{};
    all.frameInfo.blockSizeID = LZ4F_max1MB;
    all.frameInfo.blockMode = LZ4F_blockIndependent;
    all.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
    all.frameInfo.contentSize = 1;  // any value but 0: the frame's header tells the real one
    all.compressionLevel = level;
    return all;
}

class Lz4UnitEncoder final : public UnitEncoder {
  public:
    explicit Lz4UnitEncoder(int level) : preferences_(preferences(level)) {}

    std::size_t encode(std::span<const std::byte> unit, std::span<std::byte> out) override {
        return checked(LZ4F_compressFrame(out.data(), out.size(), unit.data(), unit.size(), &preferences_));
    }

  private:
    LZ4F_preferences_t preferences_;
};

struct Free {
    void operator()(LZ4F_dctx* context) const noexcept { LZ4F_freeDecompressionContext(context); }
};

class Lz4Decoder final : public Decoder {
  public:
    // stays: bytes that were put out are still where they were put when more of the frame is decoded.
    enum class Output { passes, stays };

    explicit Lz4Decoder(Output output = Output::passes) {
        LZ4F_dctx* context = nullptr;
        checked(LZ4F_createDecompressionContext(&context, LZ4F_VERSION));
        context_.reset(context);
        options_.stableDst = output == Output::stays ? 1 : 0;
    }

    // Ready for another frame.
    void reset() noexcept { LZ4F_resetDecompressionContext(context_.get()); }

    CoderStep decode(std::span<const std::byte> in, std::span<std::byte> out) override {
        std::size_t consumed = in.size();
        std::size_t produced = out.size();
        const std::size_t wanted =
            checked(LZ4F_decompress(context_.get(), out.data(), &produced, in.data(), &consumed, &options_));
        return {consumed, produced, wanted == 0};
    }

  private:
    std::unique_ptr<LZ4F_dctx, Free> context_;
    LZ4F_decompressOptions_t options_{};
};

class Lz4UnitDecoder final : public UnitDecoder {
  public:
    void decode(std::span<std::byte> unit, std::span<std::byte> out) override {
        const auto frame = unit.first(unit.size() - spare_bytes);
        if (decode_lz4_frame(frame, out)) return;
        if (!decoder_) decoder_.emplace(Lz4Decoder::Output::stays);
        decoder_->reset();
        decode_whole(*decoder_, frame, out);
    }

  private:
    std::optional<Lz4Decoder> decoder_;  // for frames of other programs
};

const FrameFraming& framing() {
    static const FrameFraming framing({
        .unit_bytes = unit_bytes_of,
        .most_encoded =
            [](std::size_t unit) {
                const LZ4F_preferences_t all = preferences(0);
                return LZ4F_compressFrameBound(unit, &all);
            },
        .unit_encoder = [](int level) -> std::unique_ptr<UnitEncoder> {
            return std::make_unique<Lz4UnitEncoder>(level);
        },
        .unit_decoder = []() -> std::unique_ptr<UnitDecoder> { return std::make_unique<Lz4UnitDecoder>(); },
        .frame_at = lz4_frame_at,
    });
    return framing;
}

}  // namespace

BuiltInCodec lz4_codec() {
    static const BuiltInCodec codec{std::make_shared<const Codec>(Codec{
                                        .name = "lz4",
                                        .extension = ".lz4",
                                        .magic = {std::byte{0x04}, std::byte{0x22}, std::byte{0x4D}, std::byte{0x18}},
                                        .default_level = 0,
                                        .min_level = 0,
                                        .max_level = 12,
                                        .encoder = [](int level) { return block_encoder(framing(), level); },
                                        .decoder = [] { return std::make_unique<Lz4Decoder>(); },
                                    }),
                                    &framing()};
    return codec;
}

}  // namespace jl::detail

#endif
