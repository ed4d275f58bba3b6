#include <exception>
#include <ostream>
#include <string>

#include <jl/error.hpp>
#include <jl/sink.hpp>

namespace jl {
namespace {

[[noreturn]] void fail(std::size_t count, std::string_view reason) {
    throw Error(ErrorCode::io, "the stream does not take " + std::to_string(count) + " bytes" + std::string(reason));
}

}  // namespace

void detail::refuse_short_write(std::size_t count) {
    throw Error(ErrorCode::io, "the object's write() takes none of " + std::to_string(count) + " bytes");
}

void StreamSink::write(std::span<const std::byte> bytes) {
    try {
        stream_->write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    } catch (const std::ios_base::failure& failure) {  // from streams whose exceptions() are switched on
        fail(bytes.size(), std::string(": ") + failure.what());
    }
    if (!*stream_) fail(bytes.size(), stream_->rdbuf() == nullptr ? ": it has no buffer" : "");
}

std::optional<std::uint64_t> StreamSink::position() {
    // Not tellp(): it turns the exception of a device that cannot seek into a broken stream.
    if (stream_->fail() || stream_->rdbuf() == nullptr) return std::nullopt;
    try {
        const std::streamoff at = stream_->rdbuf()->pubseekoff(0, std::ios_base::cur, std::ios_base::out);
        if (at >= 0) return static_cast<std::uint64_t>(at);
    } catch (const std::exception&) {
    }
    return std::nullopt;
}

}  // namespace jl
