#include "parallel/payload_frame.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <jl/detail/byte_order.hpp>
#include <jl/error.hpp>

namespace jl {
namespace {

// settings: u64 max_nbytes; text: the folder; flags: 0 copied, 1 + MmapMode. payload: u64 offset, u64 size; flags: 1
// where the file may be written.
template <std::size_t N>
std::array<std::uint64_t, N> numbers_in(const Frame& frame) {
    if (frame.body.size() != 8 * N)
        throw Error(ErrorCode::format,
                    "a frame of " + std::to_string(frame.body.size()) + " bytes instead of " + std::to_string(8 * N));
    std::array<std::uint64_t, N> numbers{};
    for (std::size_t i = 0; i < N; ++i) numbers[i] = detail::load_little<std::uint64_t>(&frame.body[8 * i]);
    return numbers;
}

}  // namespace

void write_settings(Sink& sink, const PayloadSettings& settings) {
    std::array<std::byte, 8> body;
    detail::store_little(body.data(), settings.max_nbytes);
    const auto mode = settings.mode ? static_cast<std::uint8_t>(1 + static_cast<int>(*settings.mode)) : std::uint8_t{0};
    write_frame(sink, {.type = FrameType::settings, .flags = mode}, settings.folder, body);
}

PayloadSettings settings_in(const Frame& frame) {
    PayloadSettings settings{.max_nbytes = numbers_in<1>(frame)[0], .folder = frame.text};
    if (frame.header.flags > 1 + static_cast<int>(MmapMode::c))
        throw Error(ErrorCode::format, "settings with a mode of maps that is none");
    if (frame.header.flags > 0) settings.mode = static_cast<MmapMode>(frame.header.flags - 1);
    return settings;
}

void write_payload(SocketSink& sink, std::uint64_t number, const PayloadFile& payload) {
    FrameHeader header{.type = FrameType::payload, .flags = payload.is_writable(), .id = number, .body_size = 16};
    std::array<std::byte, frame_header_size + 16> bytes;
    const FrameBytes first = encoded_header(header);
    std::copy(first.begin(), first.end(), bytes.begin());
    detail::store_little(&bytes[frame_header_size], payload.offset());
    detail::store_little(&bytes[frame_header_size + 8], payload.size());
    sink.write_with(bytes, payload.descriptor());
}

PayloadFile payload_in(const Frame& frame, Descriptor file) {
    const auto [offset, size] = numbers_in<2>(frame);
    return PayloadFile::received(std::move(file), offset, size, frame.header.flags != 0);
}

}  // namespace jl
