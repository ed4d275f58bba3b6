#include "codec/deflate_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/stream_check.hpp"
#include "codec/support/samples.hpp"
#include "io/crc32c.hpp"
#include "support/error.hpp"

namespace jl::detail {
namespace {

using test::Bytes;
using test::error_of;
using test::unit;
using testing::HasSubstr;

const Codec& codec_of(Framing framing) { return framing == Framing::gzip ? *gzip_codec().codec : *zlib_codec().codec; }

// A stream put together as the format says, of parts that a test may make lie.
struct Forgery {
    Framing framing = Framing::gzip;
    std::vector<Bytes> contents;  // of the units
    std::vector<Bytes> units;     // deflated
    std::vector<std::uint32_t> lengths;
    Locator locator;
    bool right_table_crc = true;
    std::function<void(std::array<std::byte, locator_block_bytes>&)> change_locator = [](auto&) {};

    explicit Forgery(std::vector<Bytes> of) : contents(std::move(of)) {
        for (const Bytes& content : contents) {
            units.push_back(deflated(content));
            lengths.push_back(static_cast<std::uint32_t>(units.back().size()));
            locator.decoded_length += content.size();
            locator.table_offset += units.back().size();
        }
        locator.table_offset += header_bytes(framing);
        locator.unit_count = units.size();
        locator.block_bytes = unit;
    }

    static Bytes deflated(const Bytes& content) {
        Bytes out(stored_bytes(content.size()));
        out.resize(UnitDeflater(3).deflate(content, out));
        return out;
    }

    Bytes stream() {
        const Bytes record = table_record(lengths);
        if (right_table_crc) locator.table_crc = table_crc(record);
        auto block = locator_block(locator);
        change_locator(block);
        Bytes bytes = stream_header(framing, 3);
        StreamCheck check(check_kind(framing));
        for (std::size_t i = 0; i < units.size(); ++i) {
            bytes = test::joined(std::move(bytes), units[i]);
            check.update(contents[i]);
        }
        bytes = test::joined(std::move(bytes), deflated(record));
        bytes = test::joined(std::move(bytes), block);
        check.update(record);
        check.update(std::span(block).subspan(5));
        return test::joined(std::move(bytes), stream_trailer(framing, check));
    }
};

Forgery honest() { return Forgery({test::image_like(unit), test::image_like(unit), test::image_like(5000)}); }

std::unique_ptr<UnitStream> found(const Bytes& stream, Framing framing = Framing::gzip) {
    return find_deflate_units(MemorySource(stream), framing, 0);
}

// The stream itself is sound, so reading in order would succeed: the lie has to be found all the same, by every reader.
void expect_refused(Forgery forgery, ErrorCode code, const std::string& text) {
    const Bytes stream = forgery.stream();
    const Codec& codec = codec_of(forgery.framing);
    EXPECT_NO_THROW(test::decode_in_order(stream, codec)) << text;
    for (const unsigned threads : {1U, 3U}) {
        const Error error = error_of([&] { test::decode_random(stream, codec, threads); });
        EXPECT_EQ(error.code(), code) << error.what();
        EXPECT_THAT(error.what(), HasSubstr(text));
    }
}

TEST(DeflateTable, OfAnHonestStreamIsFound) {
    for (const Framing framing : {Framing::gzip, Framing::zlib}) {
        Forgery forgery = honest();
        if (framing == Framing::zlib)
            forgery.locator.table_offset -= header_bytes(Framing::gzip) - header_bytes(framing);
        forgery.framing = framing;
        const Bytes stream = forgery.stream();
        const auto units = found(stream, framing);
        ASSERT_TRUE(units);
        const BlockTable* const table = &units->table();
        EXPECT_EQ(table->unit_count(), 3U);
        EXPECT_EQ(table->decoded_length(), 2 * unit + 5000);
        EXPECT_EQ(table->compressed(0).offset, header_bytes(framing));
        EXPECT_EQ(table->compressed(2).offset + table->compressed(2).size, forgery.locator.table_offset);
        EXPECT_EQ(table->decoded(2).size, 5000U);
        EXPECT_EQ(test::decode_random(stream, codec_of(framing)), test::decode_in_order(stream, codec_of(framing)));
    }
}

TEST(DeflateTable, IsWhatTheEncoderWrites) {
    Forgery forgery = honest();
    Bytes content;
    for (const Bytes& part : forgery.contents) content = test::joined(std::move(content), part);
    EXPECT_EQ(test::encode(content, test::gzip()), forgery.stream());
}

TEST(DeflateTable, OfAForeignStreamIsNone) {
    EXPECT_FALSE(found({}));
    EXPECT_FALSE(found(test::foreign_gzip(test::image_like(1000))));
    EXPECT_FALSE(found(Bytes(200)));
    // A jl stream inside of another one is content, not a table.
    const Bytes inner = honest().stream();
    EXPECT_FALSE(found(test::foreign(inner, 31, 0)));
}

TEST(DeflateTable, ThatMiscountsIsRefused) {
    Forgery more = honest();
    more.locator.unit_count = 4;
    expect_refused(more, ErrorCode::format, "claims 4 units");
    Forgery longer = honest();
    longer.locator.decoded_length += unit;
    expect_refused(longer, ErrorCode::format, "claims 3 units");
    Forgery fewer = honest();
    fewer.lengths.pop_back();
    expect_refused(fewer, ErrorCode::format, "not what the block table says");
    Forgery other = honest();
    other.change_locator = [](auto& block) { block[5 + 2 + 8] = std::byte{1}; };
    expect_refused(other, ErrorCode::checksum, "locator of the block table");
}

TEST(DeflateTable, ThatClaimsAnotherLengthIsRefused) {
    for (const std::int64_t by : {-1000, -1, 1, 1000}) {
        Forgery forgery = honest();
        forgery.locator.decoded_length += static_cast<std::uint64_t>(by);
        expect_refused(forgery, ErrorCode::format, "not what the block table says");
    }
}

TEST(DeflateTable, ThatDoesNotTileTheStreamIsRefused) {
    Forgery shifted = honest();
    shifted.lengths[0] += 1;
    shifted.lengths[1] -= 1;
    expect_refused(shifted, ErrorCode::format, "not what the block table says");
    Forgery longer = honest();
    longer.lengths[1] += 7;
    expect_refused(longer, ErrorCode::format, "claims units up to compressed byte");
    Forgery tiny = honest();
    tiny.lengths[0] = 4;
    expect_refused(tiny, ErrorCode::format, "claims a unit of 4 compressed bytes");
    Forgery swapped = honest();
    std::swap(swapped.lengths[0], swapped.lengths[2]);
    expect_refused(swapped, ErrorCode::format, "not what the block table says");
}

TEST(DeflateTable, ThatBeginsElsewhereIsRefused) {
    Forgery beyond = honest();
    beyond.locator.table_offset = std::uint64_t{1} << 60;
    expect_refused(beyond, ErrorCode::format, "claims to begin at compressed byte");
    Forgery inside = honest();
    inside.locator.table_offset -= 20;
    expect_refused(inside, ErrorCode::format, "not what the block table says");
}

TEST(DeflateTable, ThatIsLongerThanItsRecordCouldBecomeIsRefused) {
    Forgery forgery = honest();
    forgery.locator.table_offset -= 100;
    expect_refused(forgery, ErrorCode::format, "compressed bytes, at most 108 are allowed");
}

TEST(DeflateTable, WithAnotherChecksumIsRefused) {
    Forgery forgery = honest();
    forgery.right_table_crc = false;
    expect_refused(forgery, ErrorCode::checksum, "the block table differs from its checksum");
}

TEST(DeflateTable, OfAStreamWithAnotherHeaderIsRefused) {
    Bytes stream = honest().stream();
    stream[4] = std::byte{1};  // mtime
    EXPECT_NO_THROW(test::decode_in_order(stream, *gzip_codec().codec));
    EXPECT_THAT(error_of([&] { test::decode_random(stream, *gzip_codec().codec); }).what(),
                HasSubstr("whose header is not jl's"));
}

TEST(DeflateTable, ClaimsNothingThatWouldCostMemory) {
    // Counts that the file's own size refutes: the error comes before any allocation of that size.
    for (const std::uint64_t units : {std::uint64_t{1} << 20, std::uint64_t{1} << 40, (std::uint64_t{1} << 44) - 1}) {
        Forgery forgery = honest();
        forgery.locator.unit_count = units;
        forgery.locator.decoded_length = units * unit;
        expect_refused(forgery, ErrorCode::format, "claims " + std::to_string(units) + " units");
    }
}

TEST(DeflateTable, BeyondTheRatioLimitIsRefusedAtOnce) {
    const Bytes zeros(4 * unit);
    const Bytes stream = test::encode(zeros, test::gzip());
    EXPECT_EQ(error_of([&] { find_deflate_units(MemorySource(stream), Framing::gzip, 50); }).code(), ErrorCode::limit);
    EXPECT_TRUE(find_deflate_units(MemorySource(stream), Framing::gzip, 1100));
}

TEST(DeflateTable, WithAnotherStreamsUnitsIsFoundByTheChecksum) {
    // Units of the right sizes, whose bytes are not those that the stream's checksum is of.
    Forgery forgery = honest();
    const Bytes stream = forgery.stream();
    forgery.contents[1][77] ^= std::byte{1};
    forgery.units[1] = Forgery::deflated(forgery.contents[1]);
    forgery.contents[1][77] ^= std::byte{1};
    forgery.locator.table_offset += forgery.units[1].size() - forgery.lengths[1];
    forgery.lengths[1] = static_cast<std::uint32_t>(forgery.units[1].size());
    const Bytes wrong = forgery.stream();
    for (const unsigned threads : {1U, 2U}) {
        EXPECT_EQ(error_of([&] { test::decode_random(wrong, *gzip_codec().codec, threads); }).code(),
                  ErrorCode::checksum);
    }
    EXPECT_EQ(error_of([&] { test::decode_in_order(wrong, *gzip_codec().codec); }).code(), ErrorCode::checksum);
}

}  // namespace
}  // namespace jl::detail
