// What goes between this process and its workers: frames of 24 bytes, text and a body, over any stream of bytes.
//
//     u8 type, u8 flags, u16 version, u32 size of the text, u64 id, u64 size of the body; least significant byte first
//
// A reader believes nothing that it cannot read: memory grows with the bytes that have come.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <jl/sink.hpp>
#include <jl/source.hpp>

namespace jl {

enum class FrameType : std::uint8_t {
    hello = 1,  // worker: text: which program it is
    submit,     // text: name of the tasks; body: the tasks; flag 1: all are wanted when one has failed
    started,    // worker: the tasks of that id run from now on
    value,      // worker: body: result of the next task
    error,      // worker: text: what the next task threw
    done,       // worker: the tasks have ended; flag 1: and the worker leaves
    settings,   // body: from how many bytes on a payload goes by itself; text: temp_folder; flags: how they are mapped
    payload,    // with a file: a payload that messages refer to by that id; body: where it is in the file, its size
    forget,     // the payload of that id is not referred to any more
};

struct FrameHeader {
    FrameType type = FrameType::hello;
    std::uint8_t flags = 0;
    std::uint32_t text_size = 0;
    std::uint64_t id = 0;
    std::uint64_t body_size = 0;
};

inline constexpr std::size_t frame_header_size = 24;
inline constexpr std::uint16_t frame_version = 1;
inline constexpr std::uint32_t most_frame_text = 1 << 20;

using FrameBytes = std::array<std::byte, frame_header_size>;
FrameBytes encoded_header(const FrameHeader& header) noexcept;
// Error{version}, {format} for a type that is none, {limit} for sizes that cannot be.
FrameHeader decoded_header(const FrameBytes& bytes);

struct Frame {
    FrameHeader header;
    std::string text;
    std::vector<std::byte> body;
};

// A frame that comes in parts.
class FrameReader {
  public:
    enum class Came : std::uint8_t { part, frame, end };
    // Reads once. end: of the stream, between two frames; Error{truncated} inside of one.
    Came read(Source& source);
    Frame take();  // that came; the next one begins

  private:
    enum class At : std::uint8_t { header, text, body };
    std::span<std::byte> missing();
    std::uint64_t size() const noexcept;  // of what it is at

    At at_ = At::header;
    std::size_t have_ = 0;  // bytes of that
    FrameBytes header_;
    Frame frame_;
};

// Sizes in `header` are those of text and body.
void write_frame(Sink& sink, FrameHeader header, std::string_view text = {}, std::span<const std::byte> body = {});
// Nothing at the end of the stream; Error{truncated} inside of a frame.
std::optional<Frame> read_frame(Source& source);

}  // namespace jl
