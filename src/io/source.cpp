#include <istream>
#include <string>

#include <jl/error.hpp>
#include <jl/source.hpp>

#include "io/range.hpp"

namespace jl {
namespace {

[[noreturn]] void fail(const std::string& reason) {
    throw Error(ErrorCode::io, "the stream cannot be read: " + reason);
}

// What can be had without waiting for more than the next byte: a pipe's reader must not insist on a full buffer.
std::streamsize available(std::streambuf& buffer) {
    const std::streamsize at_hand = buffer.in_avail();
    if (at_hand > 0) return at_hand;
    if (std::char_traits<char>::eq_int_type(buffer.sgetc(), std::char_traits<char>::eof())) return 0;
    return std::max<std::streamsize>(buffer.in_avail(), 1);
}

}  // namespace

void Source::unread(std::uint64_t count) {
    throw Error(ErrorCode::unsupported, "the source takes no bytes back (" + std::to_string(count) + ")");
}

void MemorySource::read_at(std::uint64_t offset, std::span<std::byte> into) const {
    detail::require_range(offset, into.size(), bytes_.size());
    if (!into.empty()) std::memcpy(into.data(), bytes_.data() + offset, into.size());
}

// Works on the stream's buffer: the end of the input is no failure here and must not leave failbit behind.
std::size_t StreamSource::read(std::span<std::byte> into) {
    if (into.empty() || stream_->eof()) return 0;
    if (stream_->fail()) fail(stream_->bad() ? "it is broken (badbit)" : "it is not open or has failed (failbit)");
    std::streambuf* const buffer = stream_->rdbuf();
    if (buffer == nullptr) fail("it has no buffer");
    try {
        const std::streamsize most = available(*buffer);
        if (most == 0) return 0;
        const auto wanted = std::min(most, static_cast<std::streamsize>(into.size()));
        const std::streamsize got = buffer->sgetn(reinterpret_cast<char*>(into.data()), wanted);
        return got > 0 ? static_cast<std::size_t>(got) : 0;
    } catch (const std::ios_base::failure& failure) {
        fail(failure.what());
    }
}

bool StreamSource::seekable() const {
    std::streambuf* const buffer = stream_->rdbuf();
    if (stream_->bad() || buffer == nullptr) return false;
    try {
        // Not tellg(): it turns the exception of a device that cannot seek into a broken stream.
        return std::streamoff{buffer->pubseekoff(0, std::ios_base::cur, std::ios_base::in)} >= 0;
    } catch (const std::exception&) {
        return false;
    }
}

// A stream that cannot seek still has the bytes of the last read in its buffer: no more were taken than stood there.
void StreamSource::unread(std::uint64_t count) {
    if (count == 0) return;
    std::streambuf* const buffer = stream_->rdbuf();
    if (buffer == nullptr) fail("it has no buffer");
    if (seekable() && std::streamoff{buffer->pubseekoff(-static_cast<std::streamoff>(count), std::ios_base::cur,
                                                        std::ios_base::in)} >= 0)
        return;
    for (std::uint64_t left = count; left > 0; --left)
        if (std::char_traits<char>::eq_int_type(buffer->sungetc(), std::char_traits<char>::eof()))
            fail("it does not take back " + std::to_string(left) + " bytes that stand behind the object");
}

}  // namespace jl
