#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

#include <jl/error.hpp>
#include <jl/stdio.hpp>

namespace jl {
namespace {

[[noreturn]] void fail(const std::string& what, int reason) {
    throw Error(ErrorCode::io, "the C stream cannot be " + what +
                                   (reason != 0 ? ": " + std::generic_category().message(reason) : std::string()));
}

// What stands in the stream's buffer: more may have to be waited for.
std::size_t buffered(const std::FILE* file) {
#ifdef __GLIBC__
    return static_cast<std::size_t>(file->_IO_read_end - file->_IO_read_ptr);
#else
    return 0;
#endif
}

}  // namespace

void StdioSink::write(std::span<const std::byte> bytes) {
    if (bytes.empty()) return;
    errno = 0;
    const std::size_t count = std::fwrite(bytes.data(), 1, bytes.size(), file_);
    if (count == bytes.size()) return;
    const int reason = errno;
    fail("written (" + std::to_string(count) + " of " + std::to_string(bytes.size()) + " bytes went through)", reason);
}

std::optional<std::uint64_t> StdioSink::position() {
    const off_t at = ::ftello(file_);
    return at >= 0 ? std::optional(static_cast<std::uint64_t>(at)) : std::nullopt;
}

std::size_t StdioSource::read(std::span<std::byte> into) {
    if (into.empty()) return 0;
    errno = 0;
    const std::size_t count = keeps_ ? read_at_hand(into) : std::fread(into.data(), 1, into.size(), file_);
    if (count == 0 && std::ferror(file_) != 0) fail("read", errno);
    return count;
}

// The next byte, and what stands in the buffer with it.
std::size_t StdioSource::read_at_hand(std::span<std::byte> into) {
    std::size_t count = 0;
    if (buffered(file_) == 0) {
        const int first = std::getc(file_);
        if (first == EOF) return 0;
        into[count++] = static_cast<std::byte>(first);
    }
    count += std::fread(into.data() + count, 1, std::min(into.size() - count, buffered(file_)), file_);
    last_.assign(into.begin(), into.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
}

bool StdioSource::prepare_unread() {
    if (::ftello(file_) >= 0) return true;
#ifdef __GLIBC__
    keeps_ = true;
#endif
    return keeps_;
}

void StdioSource::unread(std::uint64_t count) {
    if (!keeps_) {
        if (count > 0 && ::fseeko(file_, -static_cast<off_t>(count), SEEK_CUR) != 0) fail("sought", errno);
        return;
    }
    for (; count > 0 && !last_.empty(); --count, last_.pop_back())
        if (std::ungetc(std::to_integer<int>(last_.back()), file_) == EOF) break;
    if (count > 0) fail("given back " + std::to_string(count) + " bytes that stand behind the object", 0);
    keeps_ = false;
}

}  // namespace jl
