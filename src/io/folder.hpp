// What a folder holds, in the order of the file system.
//
//     Folder folder(path);
//     if (!folder) fail(errno);
//     while (const dirent* const each = folder.next()) use(each->d_name);   // "." and ".." too
#pragma once

#include <dirent.h>
#include <memory>
#include <string>

namespace jl {

class Folder {
  public:
    explicit Folder(const std::string& path) noexcept : directory_(::opendir(path.c_str())) {}
    explicit operator bool() const noexcept { return directory_ != nullptr; }
    const dirent* next() noexcept { return ::readdir(directory_.get()); }  // null behind the last

  private:
    struct Close {
        void operator()(DIR* directory) const noexcept { ::closedir(directory); }
    };
    std::unique_ptr<DIR, Close> directory_;
};

}  // namespace jl
