// What the binding has to know of a codec to code its streams on several threads: how content is cut in units, what
// stands around them, and how such a stream is recognised (spec: codecs).
//
//     const BlockFraming* framing = block_framing_of(codec);      // null: a codec that is coded in one piece
//     if (auto stream = framing->find(source, ratio)) …           // units that can be decoded apart
//
// Stateless: one object per codec, used by any number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <jl/source.hpp>

#include "codec/block_table.hpp"
#include "codec/stream_check.hpp"
#include "codec/unit_coder.hpp"

namespace jl::detail {

// left_out: the decoded bytes are the content and nothing else.
enum class TableUse : std::uint8_t { written, left_out };

// A stream of which all units have been written.
struct WrittenUnits {
    int level = 0;
    TableUse table = TableUse::written;
    std::uint64_t decoded = 0;         // bytes of content
    std::uint64_t written = 0;         // compressed bytes so far, those of the beginning included
    std::vector<std::uint32_t> sizes;  // as the unit encoder returned them
    StreamCheck check{StreamCheck::Kind::crc32};
};

class BlockFraming {
  public:
    virtual ~BlockFraming() = default;

    // Writing. All units but the last have unit_bytes(level).
    virtual std::size_t unit_bytes(int level) const = 0;
    virtual std::size_t most_encoded(std::size_t unit) const = 0;
    virtual std::unique_ptr<UnitEncoder> unit_encoder(int level) const = 0;
    // Bytes that a unit takes in the stream, of which the encoder reports `encoded`.
    virtual std::size_t padded(std::size_t encoded) const { return encoded; }
    // Whether empty content is one empty unit; otherwise none.
    virtual bool has_empty_unit() const { return false; }
    virtual std::optional<StreamCheck::Kind> check_kind() const { return std::nullopt; }
    virtual std::vector<std::byte> beginning(int /*level*/) const { return {}; }
    virtual std::vector<std::byte> ending(const WrittenUnits& units) const = 0;

    // Reading. Null: a stream whose units are not known. Error{format} or {checksum}: claims that do not hold, which
    // are a lie unless the source holds several streams; {limit}: more than `ratio` (0: none), where that costs memory.
    virtual std::unique_ptr<UnitStream> find(const RandomSource& source, double ratio) const = 0;
    // A stream whose units are not known, read apart all the same; null: it cannot be. `in_order` is the other way to
    // read it. `source` must outlive the result.
    virtual std::unique_ptr<Source> decoded_apart(const RandomSource& /*source*/, double /*ratio*/,
                                                  unsigned /*n_threads*/,
                                                  std::function<std::unique_ptr<Source>()> /*in_order*/) const {
        return nullptr;
    }
    // Whether skippable frames (`5x 2a 4d 18`) may stand between streams.
    virtual bool has_skippable_frames() const { return false; }
};

}  // namespace jl::detail
