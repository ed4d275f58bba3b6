#include "parallel/frame.hpp"

#include <algorithm>
#include <utility>

#include <jl/detail/byte_order.hpp>
#include <jl/error.hpp>

namespace jl {
namespace {

// Bodies up to this go out together with their header.
constexpr std::size_t small_body = 64 << 10;
// Memory that is taken on a claim alone.
constexpr std::size_t first_part = 1 << 20;
constexpr std::uint64_t most_frame_body = std::uint64_t{1} << 46;

// Room for what is missing of `into`, or for a part of it.
template <class Bytes>
std::span<std::byte> grown(Bytes& into, std::size_t have, std::uint64_t size) {
    if (into.size() == have)
        into.resize(have + static_cast<std::size_t>(std::min<std::uint64_t>(size - have, std::max(have, first_part))));
    return std::as_writable_bytes(std::span(into)).subspan(have);
}

}  // namespace

FrameBytes encoded_header(const FrameHeader& header) noexcept {
    FrameBytes bytes;
    const std::span all(bytes);
    all[0] = static_cast<std::byte>(header.type);
    all[1] = static_cast<std::byte>(header.flags);
    detail::store_little<std::uint16_t>(&all[2], frame_version);
    detail::store_little<std::uint32_t>(&all[4], header.text_size);
    detail::store_little<std::uint64_t>(&all[8], header.id);
    detail::store_little<std::uint64_t>(&all[16], header.body_size);
    return bytes;
}

FrameHeader decoded_header(const FrameBytes& bytes) {
    const std::span all(bytes);
    const auto version = detail::load_little<std::uint16_t>(&all[2]);
    if (version != frame_version)
        throw Error(ErrorCode::version, "a frame of version " + std::to_string(version) + ", this program knows " +
                                            std::to_string(frame_version));
    const auto type = std::to_integer<std::uint8_t>(all[0]);
    if (type < static_cast<std::uint8_t>(FrameType::hello) || type > static_cast<std::uint8_t>(FrameType::forget))
        throw Error(ErrorCode::format, "a frame of type " + std::to_string(type) + ", which is none");
    FrameHeader header{.type = static_cast<FrameType>(type),
                       .flags = std::to_integer<std::uint8_t>(all[1]),
                       .text_size = detail::load_little<std::uint32_t>(&all[4]),
                       .id = detail::load_little<std::uint64_t>(&all[8]),
                       .body_size = detail::load_little<std::uint64_t>(&all[16])};
    if (header.text_size > most_frame_text)
        throw Error(ErrorCode::limit, "a frame claims a text of " + std::to_string(header.text_size) + " bytes");
    if (header.body_size > most_frame_body)
        throw Error(ErrorCode::limit, "a frame claims a body of " + std::to_string(header.body_size) + " bytes");
    return header;
}

void write_frame(Sink& sink, FrameHeader header, std::string_view text, std::span<const std::byte> body) {
    text = text.substr(0, most_frame_text);
    header.text_size = static_cast<std::uint32_t>(text.size());
    header.body_size = body.size();
    const FrameBytes first = encoded_header(header);
    std::vector<std::byte> together(first.begin(), first.end());
    const auto letters = std::as_bytes(std::span(text));
    together.insert(together.end(), letters.begin(), letters.end());
    const bool small = body.size() <= small_body;
    if (small) together.insert(together.end(), body.begin(), body.end());
    sink.write(together);
    if (!small) sink.write(body);
}

std::uint64_t FrameReader::size() const noexcept {
    if (at_ == At::header) return frame_header_size;
    return at_ == At::text ? frame_.header.text_size : frame_.header.body_size;
}

std::span<std::byte> FrameReader::missing() {
    if (at_ == At::header) return std::span(header_).subspan(have_);
    return at_ == At::text ? grown(frame_.text, have_, size()) : grown(frame_.body, have_, size());
}

FrameReader::Came FrameReader::read(Source& source) {
    const std::size_t more = source.read(missing());
    if (more == 0 && have_ == 0 && at_ == At::header) return Came::end;
    if (more == 0)
        throw Error(ErrorCode::truncated,
                    "a frame ends after " + std::to_string(have_) + " of " + std::to_string(size()) + " bytes");
    have_ += more;
    while (have_ == size()) {
        if (at_ == At::body) return Came::frame;
        if (at_ == At::header) frame_.header = decoded_header(header_);
        at_ = at_ == At::header ? At::text : At::body;
        have_ = 0;
    }
    return Came::part;
}

Frame FrameReader::take() {
    at_ = At::header;
    have_ = 0;
    return std::exchange(frame_, {});
}

std::optional<Frame> read_frame(Source& source) {
    FrameReader reader;
    FrameReader::Came came = FrameReader::Came::part;
    while (came == FrameReader::Came::part) came = reader.read(source);
    if (came == FrameReader::Came::end) return std::nullopt;
    return reader.take();
}

}  // namespace jl
