// How each way into a file ends: one line per file and way, "WAY<tab>ok or the error's code<tab>FILE<tab>message".
//
//     error_codes [--ratio N] [--depth N] FILE...
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>

#include <jl/jl.hpp>

namespace {

void report(const char* way, const std::string& file, const std::function<void()>& open) {
    std::string code = "ok", message;
    try {
        open();
    } catch (const jl::Error& error) {
        code = jl::name_of(error.code());
        message = error.what();
    }
    std::cout << way << '\t' << code << '\t' << file << '\t' << message << '\n';
}

void try_ways(const std::string& file, const jl::Limits& limits) {
    report("load", file, [&] { jl::load<jl::Value>(file, {.limits = limits}); });
    report("mapped", file, [&] {
        jl::load<jl::Value>(file,
                            {.mmap_mode = jl::MmapMode::r, .mmap_fallback = jl::Fallback::load, .limits = limits});
    });
    report("stream", file, [&] {
        std::ifstream in(file, std::ios::binary);
        jl::load<jl::Value>(in, {.limits = limits});
    });
    report("verify", file, [&] {
        const jl::VerifyReport found = jl::verify(file, {.limits = limits});
        if (!found.ok()) throw jl::Error(found.problems().front());
    });
}

}  // namespace

int main(int count, char** words) {
    jl::Limits limits;
    for (int i = 1; i < count; ++i) {
        if (std::strcmp(words[i], "--ratio") == 0 && i + 1 < count)
            limits.ratio = std::atof(words[++i]);
        else if (std::strcmp(words[i], "--depth") == 0 && i + 1 < count)
            limits.depth = static_cast<std::uint64_t>(std::atoll(words[++i]));
        else
            try_ways(words[i], limits);
    }
}
