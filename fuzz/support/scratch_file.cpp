#include <filesystem>
#include <fstream>
#include <unistd.h>

#include "support/check.hpp"

namespace jl::fuzz {

namespace {

// Removed when the program ends by itself.
struct Scratch {
    std::string path = (std::filesystem::temp_directory_path() / ("jl-fuzz-" + std::to_string(::getpid()))).string();
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
    }
};

}  // namespace

const std::string& scratch_file(std::span<const std::byte> content) {
    static const Scratch scratch;
    std::ofstream out(scratch.path, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
    require(static_cast<bool>(out.flush()), "the scratch file can be written");
    return scratch.path;
}

}  // namespace jl::fuzz
