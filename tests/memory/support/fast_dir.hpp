// As TempDir, in memory where the system has such a file system: for tests that write thousands of files.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace jl::test {

class FastDir {
  public:
    FastDir() {
        const bool in_memory = ::access("/dev/shm", W_OK | X_OK) == 0;
        path_ =
            (in_memory ? std::string("/dev/shm") : std::filesystem::temp_directory_path().string()) + "/jl-test-XXXXXX";
        if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot create " + path_);
    }
    FastDir(const FastDir&) = delete;
    FastDir& operator=(const FastDir&) = delete;
    ~FastDir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::string& path() const noexcept { return path_; }
    std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

  private:
    std::string path_;
};

}  // namespace jl::test
