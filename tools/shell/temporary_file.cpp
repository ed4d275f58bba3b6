#include "shell/temporary_file.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace jl::shell {
namespace {

// Some file systems know no O_TMPFILE: there the name is taken away at once.
int open_unnamed(const std::string& folder) {
    int descriptor = -1;
#ifdef O_TMPFILE
    descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor >= 0) return descriptor;
#endif
    std::string name = folder + "/.jl-XXXXXX";
    descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor < 0) throw_system(folder, "create a temporary file there");
    ::unlink(name.c_str());
    return descriptor;
}

}  // namespace

TemporaryFile::TemporaryFile(const std::string& folder)
    : descriptor_(open_unnamed(folder)), sink_(descriptor_, "temporary file in " + folder) {}

TemporaryFile::~TemporaryFile() { ::close(descriptor_); }

std::string TemporaryFile::path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

std::string TemporaryFile::usual_folder() {
    const char* const folder = std::getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

}  // namespace jl::shell
