#include "memory/doubtful_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace jl {

bool is_doubtful(uid_t owner, mode_t mode, uid_t user) noexcept {
    return owner != 0 && owner != user && (mode & S_IWOTH) != 0;
}

bool is_doubtful(const std::string& folder) noexcept {
    struct stat status {};
    return ::stat(folder.c_str(), &status) == 0 && is_doubtful(status.st_uid, status.st_mode, ::geteuid());
}

}  // namespace jl
