// Streams of every codec whose table or index lies although its checksums are right: reading with the table gives what
// reading in order gives, or an error.
#include <array>
#include <map>
#include <string>

#include <jl/error.hpp>

#include "codec/built_in_codecs.hpp"
#include "support/check.hpp"
#include "support/codec_ways.hpp"
#include "support/take.hpp"

namespace {

using jl::detail::BlockFraming;
using jl::fuzz::Bytes;

struct Encoded {
    Bytes content, bytes;
    std::size_t size = 0;  // as the encoder says
};

Encoded encode(const BlockFraming& framing, Bytes content) {
    Encoded unit{std::move(content), {}, 0};
    unit.bytes.resize(framing.most_encoded(unit.content.size()));
    unit.size = framing.unit_encoder(1)->encode(unit.content, unit.bytes);
    unit.bytes.resize(framing.padded(unit.size));
    return unit;
}

// A whole unit takes long to encode; one of each codec will do.
const Encoded& whole_unit(const std::string& name, const BlockFraming& framing) {
    static std::map<std::string, Encoded> all;
    const auto known = all.find(name);
    if (known != all.end()) return known->second;
    Bytes content(framing.unit_bytes(1));
    for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<std::byte>(i % 251 < 40 ? i / 5000 : 7);
    return all.emplace(name, encode(framing, std::move(content))).first->second;
}

Bytes built(jl::fuzz::Take& take, const std::string& name, const BlockFraming& framing) {
    Bytes stream = framing.beginning(1);
    jl::detail::WrittenUnits units;
    units.level = 1;
    units.check = jl::detail::StreamCheck(framing.check_kind().value_or(jl::detail::StreamCheck::Kind::crc32));
    const auto add = [&](const Encoded& unit) {
        stream.insert(stream.end(), unit.bytes.begin(), unit.bytes.end());
        units.sizes.push_back(static_cast<std::uint32_t>(unit.size + take.lie()));
        units.decoded += unit.content.size();
        units.check.update(unit.content);
    };
    const std::uint8_t kind = take.byte();
    for (unsigned i = 0; i < kind % 3U; ++i) add(whole_unit(name, framing));
    Bytes rest(kind / 3 * std::size_t{11}, std::byte{take.byte()});
    if (!rest.empty() || units.sizes.empty()) add(encode(framing, std::move(rest)));
    units.written = stream.size() + take.lie();
    units.decoded += take.lie();
    if (const std::uint64_t more = take.lie(); more != 0) units.sizes.resize(static_cast<std::size_t>(more % 1000));
    const Bytes ending = framing.ending(units);
    stream.insert(stream.end(), ending.begin(), ending.end());
    return stream;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    jl::fuzz::Take take(std::as_bytes(std::span(data, size)));
    const auto codecs = jl::detail::built_in_codecs();
    const jl::detail::BuiltInCodec& codec = codecs[take.byte() % codecs.size()];
    if (codec.framing == nullptr) return 0;
    try {
        jl::fuzz::compare_ways(built(take, codec.codec->name, *codec.framing), *codec.codec);
    } catch (const jl::Error&) {  // what no index can hold
    }
    return 0;
}
