#include "persist/objects.hpp"

#include <jl/detail/byte_order.hpp>

#include "codec/decoded_objects.hpp"
#include "pickle/opcodes.hpp"

namespace jl::detail {

// Compressed objects up to the end of a stream: one, or several in it.
struct Objects::Compressed {
    Compressed(Input& in, std::shared_ptr<const Codec> found, double ratio)
        : codec(std::move(found)), objects(in, codec, ratio), content(objects) {}
    std::shared_ptr<const Codec> codec;
    DecodedObjects objects;
    Input content;
};

Objects::Objects(Input in, double ratio) : in_(std::move(in)), ratio_(ratio) {}
Objects::~Objects() = default;

const Codec* Objects::codec() const noexcept { return compressed_ ? compressed_->codec.get() : nullptr; }

bool Objects::next(const std::function<Loaded(Input&)>& take) {
    if (ended_) return false;
    ended_ = true;  // unless all goes well
    if (!find_next()) return false;
    ++number_;
    try {
        take_one(take);
    } catch (const Error& error) {
        fail(error);
    }
    ended_ = false;
    return true;
}

void Objects::take_one(const std::function<Loaded(Input&)>& take) {
    Input& in = compressed_ ? compressed_->content : in_;
    const std::uint64_t begin = in.position();
    loaded_ = take(in);
    begin_ = compressed_ ? begin : 0;
    nbytes_ = in.position() - begin;
    if (loaded_.is_container && !loaded_.has_trailer)
        throw Error(ErrorCode::truncated, "the container's trailer is missing");
}

bool Objects::find_next() {
    bool is_next = false;  // no more of the one before
    try {
        if (compressed_ && !stream_goes_on()) compressed_.reset();
        if (compressed_) return true;
        is_next = true;
        pass_records(in_);
        offset_ = in_.position();
        if (in_.peek(1).empty()) return false;
        if (auto codec = codec_at(in_)) compressed_ = std::make_unique<Compressed>(in_, std::move(codec), ratio_);
        return true;
    } catch (const Error& error) {
        if (is_next) ++number_;
        fail(error);
    }
}

// The decoded table of a compressed stream's units (spec: codecs), which a decompressor left in a file.
void Objects::pass_records(Input& in) {
    const std::span<const std::byte> first = in.peek(1);
    if (first.empty() || first[0] != std::byte{op::binbytes8}) return;
    const std::span<const std::byte> head = in.peek(9);
    if (head.size() < 9) return;
    const auto count = load_little<std::uint64_t>(head.data() + 1);
    constexpr std::uint64_t frame = 10;
    constexpr std::uint64_t locator = 59;
    in.expect(count, [] { return "a table"; });
    in.skip(frame);
    in.skip(count);
    in.skip(locator);
}

bool Objects::stream_goes_on() {
    DecodedObjects& objects = compressed_->objects;
    objects.stay_in_stream();
    const std::span<const std::byte> next = compressed_->content.peek(1);
    if (!next.empty() && next[0] != std::byte{op::binbytes8}) {
        objects.leave_stream_freely();
        return true;
    }
    objects.finish_stream();
    if (loaded_.is_container) objects.pass_table();
    return false;
}

void Objects::fail(const Error& error) const {
    Error named(error.code(), "object " + std::to_string(number_) + ", which begins at byte " +
                                  std::to_string(offset_) + ": " + error.detail());
    if (error.offset()) named.at_byte(*error.offset());
    if (!error.path().empty()) named.at_path(error.path());
    throw named;
}

bool begins_nothing(const RandomSource& file, std::uint64_t offset) {
    Input in(file, offset, file.size());
    const std::span<const std::byte> next = in.peek(1);
    return !next.empty() && next[0] != std::byte{op::proto} && !codec_at(in);
}

}  // namespace jl::detail
