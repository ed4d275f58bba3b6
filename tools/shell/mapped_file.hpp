// A file's bytes as memory, read-only; only pages that are touched are read.
//
//     MappedFile file("x.npy");   file.text()
//
// Moves, does not copy. Error{io} naming the file.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace jl::shell {

class MappedFile {
  public:
    explicit MappedFile(const std::string& path);
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    std::span<const std::byte> bytes() const noexcept { return bytes_; }
    std::string_view text() const noexcept { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }

  private:
    std::span<std::byte> bytes_;
};

}  // namespace jl::shell
