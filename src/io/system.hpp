// System calls on descriptors that finish what they began: short transfers, EINTR and EAGAIN are dealt with here.
// Failures are Error{ErrorCode::io}, "<name>: cannot <doing>: <the system's reason>".
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace jl::detail {

[[noreturn]] void fail_system(std::string_view name, std::string_view doing, int reason);

// Error{usage} for a name that no file can have: empty, or with a NUL byte inside.
void require_file_name(const std::string& name);

int open_retrying(const std::string& name, int flags, unsigned mode = 0);  // -1 and errno on failure
// A new regular file in `folder` that has no name: it is gone when it is closed, unless link_descriptor gave it one.
// -1 where the file system has no such files, or no way to name them later.
int open_unnamed(const std::string& folder, unsigned mode);
bool link_descriptor(int fd, const std::string& name);  // false and errno on failure; EEXIST: the name is taken
void write_all(int fd, std::span<const std::byte> bytes, std::string_view name);
void write_all_at(int fd, std::uint64_t offset, std::span<const std::byte> bytes, std::string_view name);
std::size_t read_some(int fd, std::span<std::byte> into, std::string_view name);  // 0: the end
std::size_t read_some_at(int fd, std::uint64_t offset, std::span<std::byte> into, std::string_view name);
int sync_descriptor(int fd);  // 0 or the reason

}  // namespace jl::detail
