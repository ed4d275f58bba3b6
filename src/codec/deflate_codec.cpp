#include "codec/deflate_codec.hpp"

#include <array>

#include "codec/deflate_decoder.hpp"
#include "codec/deflate_table.hpp"
#include "codec/gzip_blocks.hpp"
#include "codec/unit_deflater.hpp"

namespace jl::detail {
namespace {

class DeflateUnitEncoder final : public UnitEncoder {
  public:
    explicit DeflateUnitEncoder(int level) noexcept : deflater_(level) {}

    std::size_t encode(std::span<const std::byte> unit, std::span<std::byte> out) override {
        return deflater_.deflate(unit, out);
    }

  private:
    UnitDeflater deflater_;
};

class DeflateBlocks final : public BlockFraming {
  public:
    explicit constexpr DeflateBlocks(Framing framing) noexcept : framing_(framing) {}

    std::size_t unit_bytes(int /*level*/) const override { return detail::unit_bytes; }
    std::size_t most_encoded(std::size_t unit) const override { return stored_bytes(unit); }
    std::unique_ptr<UnitEncoder> unit_encoder(int level) const override {
        return std::make_unique<DeflateUnitEncoder>(level);
    }
    std::optional<StreamCheck::Kind> check_kind() const override { return detail::check_kind(framing_); }
    std::vector<std::byte> beginning(int level) const override { return stream_header(framing_, level); }
    std::vector<std::byte> ending(const WrittenUnits& units) const override;
    std::unique_ptr<UnitStream> find(const RandomSource& source, double ratio) const override {
        std::unique_ptr<UnitStream> units = find_deflate_units(source, framing_, ratio);
        return units || framing_ == Framing::zlib ? std::move(units) : find_gzip_blocks(source);
    }

  private:
    Framing framing_;
};

std::vector<std::byte> ending_without_table(Framing framing, const StreamCheck& check) {
    constexpr std::array<unsigned char, 5> final_block{0x01, 0x00, 0x00, 0xFF, 0xFF};  // stored, empty
    std::vector<std::byte> bytes;
    for (const unsigned char byte : final_block) bytes.push_back(std::byte{byte});
    const std::vector<std::byte> trailer = stream_trailer(framing, check);
    bytes.insert(bytes.end(), trailer.begin(), trailer.end());
    return bytes;
}

std::vector<std::byte> DeflateBlocks::ending(const WrittenUnits& units) const {
    if (units.table == TableUse::left_out) return ending_without_table(framing_, units.check);
    const std::vector<std::byte> record = table_record(units.sizes);
    std::vector<std::byte> bytes(stored_bytes(record.size()));
    bytes.resize(UnitDeflater(units.level).deflate(record, bytes));
    const auto locator =
        locator_block({units.decoded, detail::unit_bytes, units.sizes.size(), units.written, table_crc(record)});
    StreamCheck check = units.check;
    check.update(record);
    check.update(std::span(locator).last(locator_record_bytes));
    bytes.insert(bytes.end(), locator.begin(), locator.end());
    const std::vector<std::byte> trailer = stream_trailer(framing_, check);
    bytes.insert(bytes.end(), trailer.begin(), trailer.end());
    return bytes;
}

BuiltInCodec make_codec(const DeflateBlocks& blocks, Framing framing, const char* extension,
                        std::vector<std::byte> magic) {
    return {std::make_shared<const Codec>(Codec{
                .name = std::string(name_of(framing)),
                .extension = extension,
                .magic = std::move(magic),
                .default_level = 3,
                .min_level = 1,
                .max_level = 9,
                .encoder = [&blocks](int level) { return block_encoder(blocks, level); },
                .decoder = [framing] { return std::make_unique<DeflateDecoder>(framing); },
            }),
            &blocks};
}

}  // namespace

BuiltInCodec zlib_codec() {
    static const DeflateBlocks blocks(Framing::zlib);
    static const BuiltInCodec codec = make_codec(blocks, Framing::zlib, ".z", {std::byte{0x78}});
    return codec;
}

BuiltInCodec gzip_codec() {
    static const DeflateBlocks blocks(Framing::gzip);
    static const BuiltInCodec codec = make_codec(blocks, Framing::gzip, ".gz", {std::byte{0x1F}, std::byte{0x8B}});
    return codec;
}

}  // namespace jl::detail
