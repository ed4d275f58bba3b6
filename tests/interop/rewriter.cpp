// Loads every .pkl of a folder as a jl::Value and dumps it again: rewriter IN_DIR OUT_DIR.
#include <cstdio>
#include <filesystem>
#include <string>

#include <jl/jl.hpp>

namespace {

bool rewrite(const std::filesystem::path& from, const std::filesystem::path& to) {
    try {
        jl::dump(jl::load(from), to);
        if (jl::verify(to).ok()) return true;
        std::fprintf(stderr, "%s: verify finds a fault in the new file\n", from.c_str());
    } catch (const jl::Error& error) {
        std::fprintf(stderr, "%s: %s\n", from.c_str(), error.what());
    }
    return false;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: interop_rewriter IN_DIR OUT_DIR\n", stderr);
        return 2;
    }
    const std::filesystem::path out = argv[2];
    std::filesystem::create_directories(out);
    bool good = true;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
        if (entry.path().extension() == ".pkl") good = rewrite(entry.path(), out / entry.path().filename()) && good;
    }
    return good ? 0 : 1;
}
