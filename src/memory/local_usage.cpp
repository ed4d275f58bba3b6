#include "memory/local_usage.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "io/file.hpp"
#include "io/system.hpp"

namespace jl {
namespace {

constexpr std::size_t room = 80;  // three numbers of 20 digits

std::string text_of(const StoreUsage& usage) {
    const auto counted = std::chrono::duration_cast<std::chrono::nanoseconds>(usage.counted.time_since_epoch()).count();
    std::string text = std::to_string(usage.bytes) + ' ' + std::to_string(usage.items) + ' ' + std::to_string(counted);
    text.resize(room - 1, ' ');  // always as long: nothing of an older text is left behind it
    return text + '\n';
}

std::optional<StoreUsage> parse(std::string_view text) {
    std::array<std::int64_t, 3> numbers{};
    const char* at = text.data();
    const char* const end = at + text.size();
    for (auto& number : numbers) {
        while (at != end && *at == ' ') ++at;
        const auto [behind, problem] = std::from_chars(at, end, number);
        if (problem != std::errc() || number < 0) return std::nullopt;
        at = behind;
    }
    const auto counted = std::chrono::duration_cast<StoreTime::duration>(std::chrono::nanoseconds(numbers[2]));
    return StoreUsage{static_cast<std::uint64_t>(numbers[0]), static_cast<std::uint64_t>(numbers[1]),
                      StoreTime(counted)};
}

std::optional<StoreUsage> read_from(int fd) noexcept {
    std::array<char, room> text{};
    const ssize_t count = ::pread(fd, text.data(), text.size(), 0);
    return count > 0 ? parse({text.data(), static_cast<std::size_t>(count)}) : std::nullopt;
}

std::uint64_t moved(std::uint64_t count, std::int64_t by) {
    if (by < 0) return count - std::min(count, static_cast<std::uint64_t>(-by));
    return count + static_cast<std::uint64_t>(by);
}

bool lock(int fd) noexcept {
    int result = -1;
    do result = ::flock(fd, LOCK_EX);
    while (result < 0 && errno == EINTR);
    return result == 0;
}

}  // namespace

void LocalUsage::begin() const noexcept {
    const Descriptor fd(detail::open_retrying(path_, O_WRONLY | O_CREAT | O_EXCL, 0666));
    const std::string text = text_of({0, 0, std::chrono::system_clock::now()});
    if (fd && ::pwrite(fd.get(), text.data(), text.size(), 0) < 0) ::unlink(path_.c_str());
}

void LocalUsage::add(std::int64_t bytes, std::int64_t items) const noexcept {
    const Descriptor fd(detail::open_retrying(path_, O_RDWR | O_NOFOLLOW | O_NONBLOCK));
    if (!fd || !lock(fd.get())) return;
    const auto usage = read_from(fd.get());
    if (!usage) return;
    try {
        const std::string text = text_of({moved(usage->bytes, bytes), moved(usage->items, items), usage->counted});
        if (::pwrite(fd.get(), text.data(), text.size(), 0) >= 0) return;
    } catch (const std::bad_alloc&) {  // a count that misses a change is none
    }
    ::unlink(path_.c_str());
}

std::optional<StoreUsage> LocalUsage::read() const noexcept {
    const Descriptor fd(detail::open_retrying(path_, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
    return fd ? read_from(fd.get()) : std::nullopt;
}

void LocalUsage::set(const StoreUsage& usage) const {
    const Descriptor fd(detail::open_retrying(path_, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0666));
    if (!fd || !lock(fd.get())) detail::fail_system(path_, "open for writing", errno);
    const std::string text = text_of(usage);
    detail::write_all_at(fd.get(), 0, std::as_bytes(std::span(text)), path_);
}

}  // namespace jl
