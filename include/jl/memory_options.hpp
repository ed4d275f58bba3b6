// What a Memory and its functions are told, and what they tell. Plain values.
//
//     jl::Memory mem("/tmp/joblib", {.compress = 3, .bytes_limit = "10G"});
//     auto f = mem.cache("features", extract, {.version = 3, .arg_names = {"image", "debug"}, .ignore = {"debug"}});
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <jl/byte_size.hpp>
#include <jl/call_metadata.hpp>
#include <jl/codec.hpp>
#include <jl/load.hpp>

namespace jl {

// What Memory has to say, in joblib's words.
struct MemoryMessage {
    enum class Kind : std::uint8_t { output, warning };
    Kind kind = Kind::output;
    std::string text = {};  // one or more lines, without the last line's end
};
using MemoryLogger = std::function<void(const MemoryMessage&)>;

// For mmap_mode of a function: results are not mapped, whatever its Memory says.
inline constexpr std::optional<MmapMode> not_mapped = std::nullopt;

struct MemoryOptions {
    // 0: silent but for warnings; 1: calls that are computed; 2: results that are loaded too; above 10: all of
    // joblib's.
    int verbose = 1;
    Compress compress = {};                  // of the results; none
    std::optional<MmapMode> mmap_mode = {};  // arrays of results come from maps of their files
    std::string backend = "local";           // a name of jl::store_backends()
    std::map<std::string, std::string> backend_options = {};
    // What is kept at most: the entries that were not used for the longest time go first, pinned ones never. Held when
    // an entry is added: where the store holds more, a tenth less is left, so that few additions have to look.
    std::optional<ByteSize> bytes_limit = {};
    std::optional<std::uint64_t> items_limit = {};
    std::optional<std::chrono::microseconds> age_limit = {};  // since the last use
    // How long a call waits for another one that computes the same; then it computes too. For ever.
    std::optional<std::chrono::milliseconds> wait_limit = {};
    MemoryLogger logger = {};  // by default output goes to standard output, warnings to standard error; thread-safe
};

// The code's own version, part of the identity of a function: a number or a text.
class CodeVersion {
  public:
    CodeVersion() = default;
    template <std::integral I>
    CodeVersion(I number) : text_(std::to_string(number)) {}
    CodeVersion(const char* text) : text_(text) {}
    CodeVersion(std::string text) : text_(std::move(text)) {}
    const std::string& text() const noexcept { return text_; }

  private:
    std::string text_;
};

struct CacheOptions {
    CodeVersion version = {};
    std::vector<std::string> arg_names = {};  // arg0, arg1, …
    std::vector<std::string> ignore = {};     // names of arguments that make no difference to the result
    CacheValidationCallback cache_validation_callback = {};
    std::optional<int> verbose = {};                        // as the Memory
    std::optional<std::optional<MmapMode>> mmap_mode = {};  // as the Memory; MmapMode::r, …, or not_mapped
};

struct ReduceOptions {
    std::optional<ByteSize> bytes_limit = {};
    std::optional<std::uint64_t> items_limit = {};
    std::optional<std::chrono::microseconds> age_limit = {};  // since the last use; Error{usage} where negative
};

// Of all functions of a Memory, in this process.
struct MemoryStatistics {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;    // computed
    std::uint64_t waits = 0;     // calls that waited for another one
    std::uint64_t failures = 0;  // results that could not be kept, or not be loaded
    std::uint64_t removed = 0;   // entries that limits took away
    std::uint64_t bytes_written = 0;
    double seconds_computing = 0;
    double seconds_saved = 0;  // what the hits had taken when they were computed, less what loading them took
};

}  // namespace jl
