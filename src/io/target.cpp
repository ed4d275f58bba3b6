#include "io/target.hpp"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <climits>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jl/error.hpp>

#include "io/system.hpp"

namespace jl::detail {
namespace {

std::string name_in(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// Keeps a relative path relative, so that messages and later calls see what the caller wrote.
std::string beside(const std::string& path, const std::string& name) {
    return path.substr(0, path.rfind('/') + 1) + name;
}

std::optional<std::string> link_target(const std::string& path) {
    std::string text(PATH_MAX, '\0');
    const ssize_t length = ::readlink(path.c_str(), text.data(), text.size());
    if (length <= 0) return std::nullopt;
    text.resize(static_cast<std::size_t>(length));
    return text.front() == '/' ? text : beside(path, text);
}

// "/dev/fd/3": the descriptor meant, which has a position and perhaps earlier output of its own.
std::optional<int> descriptor_named(std::string_view path) {
    for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
        if (!path.starts_with(folder)) continue;
        const std::string_view digits = path.substr(folder.size());
        int fd = -1;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), fd);
        if (error == std::errc() && end == digits.data() + digits.size() && fd >= 0) return fd;
    }
    return std::nullopt;
}

[[noreturn]] void refuse_folder(const std::string& path) {
    throw Error(ErrorCode::io, "cannot be written: it is a directory").in_file(path);
}

// Fills in what the file system says about the end of the links.
void examine(Target& target, const std::string& asked) {
    struct stat status {};
    if (name_in(target.path).empty()) refuse_folder(asked);
    if (::stat(target.path.c_str(), &status) < 0) {
        if (errno != ENOENT) fail_system(asked, "create the file", errno);
        return;
    }
    if (S_ISDIR(status.st_mode)) refuse_folder(asked);
    target.kind = S_ISREG(status.st_mode) ? Target::Kind::regular : Target::Kind::device;
    target.mode = status.st_mode & 07777U;
    target.owner = status.st_uid;
    target.group = status.st_gid;
    // Renaming over a write-protected file would succeed, which is not what its owner meant.
    if (::faccessat(AT_FDCWD, target.path.c_str(), W_OK, AT_EACCESS) < 0) fail_system(asked, "write", errno);
}

std::uint64_t random_number() {
    std::uint64_t number = 0;
    if (::getrandom(&number, sizeof number, GRND_NONBLOCK) == sizeof number) return number;
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()) *
           0x9E3779B97F4A7C15U;
}

}  // namespace

Target find_target(const std::string& path) {
    require_file_name(path);
    constexpr int most_links = 40;  // as Linux itself
    Target target{.path = path};
    for (int links = 0; links <= most_links; ++links) {
        if (const auto fd = descriptor_named(target.path)) {
            target.kind = Target::Kind::descriptor;
            target.descriptor = *fd;
            return target;
        }
        auto next = link_target(target.path);
        if (!next) {
            examine(target, path);
            return target;
        }
        target.path = std::move(*next);
    }
    fail_system(path, "create the file", ELOOP);
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string temporary_beside(const std::string& path) {
    constexpr std::size_t longest = NAME_MAX - 64;
    char suffix[64];
    std::snprintf(suffix, sizeof suffix, ".%ld-%016llx.tmp", static_cast<long>(::getpid()),
                  static_cast<unsigned long long>(random_number()));
    return beside(path, "." + name_in(path).substr(0, longest) + suffix);
}

}  // namespace jl::detail
