// What Memory reads from disk beside outputs, as anybody may have written it: no crash, nothing thrown, the right
// result. The first byte says which file the rest is: metadata, counts, a function's name, an output.
#if defined(JL_HAS_XXHASH)

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include "memory/entry_name.hpp"
#include "support/check.hpp"

namespace {

using namespace jl::fuzz;

// Removed when the program ends by itself.
struct Cache {
    std::string folder =
        (std::filesystem::temp_directory_path() / ("jl-fuzz-cache-" + std::to_string(::getpid()))).string();
    jl::Memory mem{folder, {.verbose = 0, .items_limit = 3, .logger = [](const jl::MemoryMessage&) {}}};
    ~Cache() {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
};

void put(const std::string& path, std::span<const std::byte> content) {
    std::filesystem::remove(path);
    std::ofstream out(path, std::ios::binary);
    out.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
    require(static_cast<bool>(out.flush()), "a file of the cache can be written");
}

// What was read is written as something that reads the same.
void check_metadata(std::string_view text) {
    const auto call = jl::CallMetadata::from_json(text);
    if (!call) return;
    const auto again = jl::CallMetadata::from_json(call->to_json());
    require(again.has_value(), "what is written is JSON");
    require(again->duration == call->duration && again->output_bytes == call->output_bytes, "numbers come back");
    require(again->input_args.size() == call->input_args.size(), "arguments come back");
    require(again->to_json() == jl::CallMetadata::from_json(again->to_json())->to_json(),
            "written is written the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > 4096) return 0;
    static const Cache cache;
    const auto f = cache.mem.cache("A::f", [](int x) { return x + 1; });
    const std::span<const std::byte> content = std::as_bytes(std::span(data, size)).subspan(1);
    const int kind = data[0] % 4;
    check_metadata(text_of(content));
    if (const auto name = jl::function_of_folder(text_of(content)))
        require(jl::folder_of_function(*name) == text_of(content),
                "a folder that tells its function is that function's");

    f(1);
    const jl::EntryId id = f.entry(1);
    const std::string entry = cache.mem.store()->place_of(id), folder = cache.mem.store()->place_of({id.function, ""});
    const std::string paths[] = {entry + "/metadata.json", cache.mem.store()->place() + "/.jl/usage", folder + "/.name",
                                 entry + "/output.pkl"};
    put(paths[kind], content);
    const int result = f(1);
    require(kind == 3 || result == 2, "the result is right");
    require(f.call(1).output == 2 && f(1) == 2, "an entry is mended");
    f(2 + data[0] % 8);
    (void)cache.mem.entries();
    cache.mem.store()->sweep();
    return 0;
}

#else

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t*, std::size_t) { return 0; }

#endif
