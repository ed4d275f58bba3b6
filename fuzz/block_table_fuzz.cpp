// Streams with a block table, put together from the input so that every checksum is right and every claim may lie:
// reading with the table gives what reading in order gives, or an error.
#include <cstdlib>
#include <optional>
#include <vector>

#include <jl/detail/byte_order.hpp>
#include <jl/error.hpp>

#include "codec/binding.hpp"
#include "codec/deflate_codec.hpp"
#include "codec/deflate_framing.hpp"
#include "codec/deflate_table.hpp"
#include "codec/stream_check.hpp"
#include "codec/unit_deflater.hpp"
#include "io/crc32c.hpp"
#include "support/take.hpp"

namespace {

using namespace jl::detail;
using Bytes = std::vector<std::byte>;

void require(bool holds) {
    if (!holds) std::abort();
}

void append(Bytes& to, std::span<const std::byte> bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

Bytes deflated(const Bytes& content) {
    Bytes out(stored_bytes(content.size()));
    out.resize(UnitDeflater(1).deflate(content, out));
    return out;
}

struct Stream {
    Framing framing;
    Bytes bytes;
};

Stream built(jl::fuzz::Take& take) {
    const std::uint8_t choice = take.byte();
    const Framing framing = choice % 2 == 0 ? Framing::gzip : Framing::zlib;
    Stream stream{framing, stream_header(framing, choice / 2 % 10)};
    if (take.byte() == 255) stream.bytes[header_bytes(framing) - 1] ^= std::byte{1};
    StreamCheck check(check_kind(framing));
    Locator locator{.block_bytes = unit_bytes};
    std::vector<std::uint32_t> lengths;
    const unsigned units = take.byte() % 4;
    for (unsigned i = 0; i < units; ++i) {
        const bool is_last = i + 1 == units;
        const Bytes content = take.content(is_last ? 1 + take.byte() * std::size_t{97} : unit_bytes);
        const Bytes unit = deflated(content);
        check.update(content);
        append(stream.bytes, unit);
        lengths.push_back(static_cast<std::uint32_t>(unit.size() + take.lie()));
        locator.decoded_length += content.size();
    }
    locator.table_offset = stream.bytes.size() + take.lie();
    locator.decoded_length += take.lie();
    locator.unit_count = units + take.lie();
    if (const std::uint8_t more = take.byte(); more > 240) lengths.resize(more - std::size_t{240});
    const Bytes record = table_record(lengths);
    locator.table_crc = table_crc(record) + static_cast<std::uint32_t>(take.lie());
    auto block = locator_block(locator);
    for (std::size_t field = 0; field < 5; ++field) {
        std::byte* const at = block.data() + 7 + 8 * field;
        store_little(at, load_little<std::uint64_t>(at) + take.lie());
    }
    store_little(block.data() + 7 + 44, jl::crc32c(std::span(block).subspan(7, 44)));
    append(stream.bytes, deflated(record));
    append(stream.bytes, block);
    check.update(record);
    check.update(std::span(block).last(locator_record_bytes));
    append(stream.bytes, stream_trailer(framing, check));
    return stream;
}

template <class Open>
std::optional<Bytes> read(Open open) {
    Bytes all;
    Bytes part(300'000);
    try {
        const std::unique_ptr<jl::Source> in = open();
        while (const std::size_t count = in->read(part)) append(all, std::span(part).first(count));
    } catch (const jl::Error&) {
        return std::nullopt;
    }
    return all;
}

void compare(const Bytes& bytes, const jl::Codec& codec) {
    const auto memory = std::make_shared<jl::MemorySource>(bytes);
    const jl::CodingOptions options{.n_threads = 2, .limits = jl::Limits::untrusted()};
    const auto in_order = read([&] {
        return jl::decoded(std::make_unique<jl::SequentialSource>(*memory, 0, memory->size()), codec,
                           {.n_threads = 1, .limits = options.limits});
    });
    const auto with_table = read([&] { return jl::decoded(*memory, codec, options); });
    require(!with_table || with_table == in_order);
    try {
        const auto blocks = jl::block_source(memory, codec, options);
        if (!blocks || !in_order || blocks->size() > in_order->size()) return;
        Bytes content(static_cast<std::size_t>(blocks->size()));
        blocks->read_at(0, content);
        require(!with_table || std::equal(content.begin(), content.end(), in_order->begin()));
    } catch (const jl::Error&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    jl::fuzz::Take take(bytes);
    const Stream stream = built(take);
    compare(stream.bytes, stream.framing == Framing::gzip ? *gzip_codec().codec : *zlib_codec().codec);
    // The input as it is, too: it may be a stream itself.
    compare({bytes.begin(), bytes.end()}, *gzip_codec().codec);
    return 0;
}
