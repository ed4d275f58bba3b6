#include "support/codec_ways.hpp"

#include <algorithm>
#include <optional>

#include <jl/error.hpp>
#include <jl/sink.hpp>

#include "codec/binding.hpp"
#include "codec/built_in_codecs.hpp"
#include "support/check.hpp"

namespace jl::fuzz {

namespace {

constexpr Limits limits{.ratio = 32};

template <class Open>
std::optional<Bytes> read(Open open, std::size_t piece) {
    Bytes all;
    Bytes part(piece);
    try {
        const std::unique_ptr<Source> in = open();
        while (const std::size_t count = in->read(part)) {
            all.insert(all.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(count));
        }
    } catch (const Error&) {
        return std::nullopt;
    }
    return all;
}

// Small content of the input's own, so that every kind of block occurs.
Bytes content_of(std::span<const std::uint8_t> input, std::size_t size) {
    Bytes content(size);
    for (std::size_t i = 0; i < size; ++i) {
        const std::size_t at = input.empty() ? 0 : (i * i / 7 + i) % input.size();
        content[i] = input.empty() ? std::byte{0} : static_cast<std::byte>(input[at]);
    }
    return content;
}

// Three bytes of the input a change: where, counted from the end for odd places, and what.
void damage(Bytes& stream, std::span<const std::uint8_t> edits) {
    for (std::size_t i = 0; i + 2 < edits.size() && i < 12; i += 3) {
        const std::size_t place = (edits[i] * std::size_t{256} + edits[i + 1]) % stream.size();
        const std::size_t at = edits[i + 1] % 2 == 0 ? place : stream.size() - 1 - place;
        stream[at] ^= static_cast<std::byte>(edits[i + 2]);
    }
}

Bytes written(const std::shared_ptr<const Codec>& codec, std::span<const std::uint8_t> input) {
    MemorySink sink;
    const auto out = encoded(sink, {codec, std::max(1, codec->min_level)}, {.n_threads = 1});
    out->write(content_of(input, input.size() * 8 % 5000));
    out->finish();
    return sink.take();
}

}  // namespace

void compare_ways(std::span<const std::byte> stream, const Codec& codec) {
    const auto memory = std::make_shared<MemorySource>(stream);
    const auto in_order = [&](unsigned threads, std::size_t piece) {
        return read(
            [&] {
                auto source = std::make_unique<SequentialSource>(*memory, 0, memory->size());
                return decoded(std::move(source), codec, {.n_threads = threads, .limits = limits});
            },
            piece);
    };
    const CodingOptions two{.n_threads = 2, .limits = limits};
    const auto whole = in_order(1, 1 << 16);
    require(in_order(1, 7) == whole, "small reads give the same bytes");
    require(in_order(2, 1000) == whole, "decoding ahead gives the same bytes");
    // A table that lies is an error only where it is used.
    const auto by_position = read([&] { return decoded(*memory, codec, two); }, 5000);
    require(!by_position || by_position == whole, "decoding in parallel gives the same bytes");
    try {
        const auto blocks = block_source(memory, codec, two);
        if (!blocks || !whole || blocks->size() > whole->size()) return;
        Bytes content(static_cast<std::size_t>(blocks->size()));
        blocks->read_at(0, content);
        require(!by_position || std::equal(content.begin(), content.end(), whole->begin()),
                "random access gives the same bytes");
    } catch (const Error&) {
    }
}

void decode_any_way(std::string_view codec_name, std::span<const std::uint8_t> input) {
    for (const detail::BuiltInCodec& each : detail::built_in_codecs()) {
        if (each.codec->name != codec_name || input.size() > std::size_t{1} << 18) continue;
        compare_ways(std::as_bytes(input), *each.codec);
        if (input.empty() || input[0] % 2 == 0) continue;
        Bytes stream = written(each.codec, input);
        damage(stream, input.subspan(1));
        compare_ways(stream, *each.codec);
    }
}

}  // namespace jl::fuzz
