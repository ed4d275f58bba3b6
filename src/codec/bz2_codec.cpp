#ifdef JL_HAS_BZIP2

#include "codec/bz2_codec.hpp"

#include <algorithm>
#include <array>

#include <jl/error.hpp>

#include "codec/bz2_kernel.hpp"
#include "codec/bz2_parallel.hpp"
#include "codec/locator.hpp"

namespace jl::detail {
namespace {

constexpr std::uint64_t smallest_stream = 14;  // an empty one
// A stream that holds a locator is shorter.
constexpr std::size_t end_bytes = 256;

class Bz2UnitEncoder final : public UnitEncoder {
  public:
    explicit Bz2UnitEncoder(int level) noexcept : level_(level) {}
    std::size_t encode(std::span<const std::byte> unit, std::span<std::byte> out) override {
        return bz2_encode(unit, out, level_);
    }

  private:
    int level_;
};

class Bz2UnitDecoder final : public UnitDecoder {
  public:
    void decode(std::span<std::byte> unit, std::span<std::byte> out) override {
        decode_whole(*bz2_decoder(), unit.first(unit.size() - spare_bytes), out);
    }
};

class Bz2Units final : public UnitStream {
  public:
    Bz2Units(BlockTable table, std::vector<std::byte> records)
        : UnitStream(std::move(table)), records_(std::move(records)) {}

    std::unique_ptr<UnitDecoder> unit_decoder() const override { return std::make_unique<Bz2UnitDecoder>(); }
    std::vector<std::byte> records() const override { return records_; }

  private:
    std::vector<std::byte> records_;
};

void append_stream(std::vector<std::byte>& to, std::span<const std::byte> content, int level) {
    std::vector<std::byte> stream(bz2_most_encoded(content.size()));
    stream.resize(bz2_encode(content, stream, level));
    to.insert(to.end(), stream.begin(), stream.end());
}

// The last place where a stream that is not empty begins.
std::optional<std::size_t> last_stream(std::span<const std::byte> bytes) {
    constexpr std::array<unsigned char, 6> block{0x31, 0x41, 0x59, 0x26, 0x53, 0x59};
    constexpr std::size_t head = 4;  // "BZh" and the level
    const auto begins = [&](std::size_t at) {
        const auto byte = [&](std::size_t i) { return std::to_integer<unsigned char>(bytes[at + i]); };
        if (byte(0) != 'B' || byte(1) != 'Z' || byte(2) != 'h') return false;
        for (std::size_t i = 0; i < block.size(); ++i) {
            if (byte(head + i) != block[i]) return false;
        }
        return true;
    };
    for (std::size_t left = bytes.size(); left >= head + block.size(); --left) {
        if (begins(left - head - block.size())) return left - head - block.size();
    }
    return std::nullopt;
}

struct Located {
    std::array<std::byte, locator_record_bytes> record{};
    Locator locator;
    std::uint64_t offset = 0;  // of the locator's stream
};

// Whether the stream holds a locator, which `record` then is. Anything else is content.
bool decode_locator(std::span<const std::byte> stream, std::span<std::byte> record) {
    try {
        decode_whole(*bz2_decoder(), stream, record);
        return is_locator(record);
    } catch (const Error&) {
        return false;
    }
}

std::optional<Located> find_locator(const RandomSource& source) {
    std::vector<std::byte> end(static_cast<std::size_t>(std::min<std::uint64_t>(source.size(), end_bytes)));
    source.read_at(source.size() - end.size(), end);
    const std::optional<std::size_t> begin = last_stream(end);
    Located located;
    if (!begin || !decode_locator(std::span(end).subspan(*begin), located.record)) return std::nullopt;
    located.locator = parse_locator(located.record);
    located.offset = source.size() - end.size() + *begin;
    return located;
}

// The table record, from its own stream.
std::vector<std::byte> read_record(const RandomSource& source, const Located& located) {
    const auto& [record, locator, end] = located;
    if (locator.table_offset > end || locator.unit_count > locator.table_offset / smallest_stream) {
        fail_table("claims " + std::to_string(locator.unit_count) + " units before compressed byte " +
                   std::to_string(locator.table_offset));
    }
    const std::size_t record_bytes = require_record_bytes(locator, end - locator.table_offset, bz2_most_encoded);
    std::vector<std::byte> compressed(static_cast<std::size_t>(end - locator.table_offset));
    source.read_at(locator.table_offset, compressed);
    std::vector<std::byte> table(record_bytes);
    decode_whole(*bz2_decoder(), compressed, table);
    return table;
}

class Bz2Streams final : public BlockFraming {
  public:
    std::size_t unit_bytes(int level) const override;
    std::size_t most_encoded(std::size_t unit) const override { return bz2_most_encoded(unit); }
    std::unique_ptr<UnitEncoder> unit_encoder(int level) const override {
        return std::make_unique<Bz2UnitEncoder>(level);
    }
    std::vector<std::byte> ending(const WrittenUnits& units) const override;
    std::unique_ptr<UnitStream> find(const RandomSource& source, double ratio) const override;
    std::unique_ptr<Source> decoded_apart(const RandomSource& source, double ratio, unsigned n_threads,
                                          std::function<std::unique_ptr<Source>()> in_order) const override {
        return decoded_bz2_blocks(source, std::move(in_order), ratio, n_threads);
    }
};

// Whole blocks of bzip2's, which hold 19 bytes less than their name says. Several, since runs of equal bytes take next
// to nothing in a block: cut after each block's length, sparse arrays would lose what bzip2 finds over longer
// distances.
std::size_t Bz2Streams::unit_bytes(int level) const {
    const auto hundred_thousands = static_cast<std::size_t>(level);
    const std::size_t blocks = std::min<std::size_t>(12, (36 + hundred_thousands - 1) / hundred_thousands);
    return blocks * (hundred_thousands * 100'000 - 20);
}

std::vector<std::byte> Bz2Streams::ending(const WrittenUnits& units) const {
    std::vector<std::byte> bytes;
    if (units.table == TableUse::left_out) {
        if (units.sizes.empty()) append_stream(bytes, {}, units.level);
        return bytes;
    }
    const std::vector<std::byte> record = table_record(units.sizes);
    append_stream(bytes, record, units.level);
    append_stream(
        bytes,
        locator_record({units.decoded, unit_bytes(units.level), units.sizes.size(), units.written, table_crc(record)}),
        units.level);
    return bytes;
}

// Several files that were joined are read in order, as are those whose table is damaged: every stream has checksums.
std::unique_ptr<UnitStream> Bz2Streams::find(const RandomSource& source, double /*ratio*/) const {
    const std::optional<Located> located = find_locator(source);
    if (!located) return nullptr;
    std::vector<std::byte> records = read_record(source, *located);
    BlockTable table = units_of(located->locator, parse_sizes(records, located->locator), 0, smallest_stream);
    records.insert(records.end(), located->record.begin(), located->record.end());
    return std::make_unique<Bz2Units>(std::move(table), std::move(records));
}

const Bz2Streams& framing() {
    static const Bz2Streams framing;
    return framing;
}

}  // namespace

BuiltInCodec bz2_codec() {
    static const BuiltInCodec codec{std::make_shared<const Codec>(Codec{
                                        .name = "bz2",
                                        .extension = ".bz2",
                                        .magic = {std::byte{'B'}, std::byte{'Z'}},
                                        .default_level = 9,
                                        .min_level = 1,
                                        .max_level = 9,
                                        .encoder = [](int level) { return block_encoder(framing(), level); },
                                        .decoder = bz2_decoder,
                                    }),
                                    &framing()};
    return codec;
}

}  // namespace jl::detail

#endif
