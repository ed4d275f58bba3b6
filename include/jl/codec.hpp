// Compressors: the extension point and the table of those that exist.
//
//     jl::register_compressor("snappy", my_codec);     // then {.compress = {"snappy", 1}}, "x.pkl.sz", and detection
//     on load
//
// A codec is a kernel: bytes in, bytes out, no I/O. Buffering, threads, truncation and the end live in one binding.
// Registering is thread-safe; an Encoder or Decoder belongs to one stream and one thread.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jl {

// What a coder did in one step: bytes taken from the input and put into the output.
struct CoderStep {
    std::size_t consumed = 0;
    std::size_t produced = 0;
    bool finished =
        false;  // decoder: the end of the stream was reached (and its checksum agreed); encoder: everything was flushed
};

class Encoder {
  public:
    virtual ~Encoder() = default;
    // Takes some of `in`, fills some of `out`. With `last`, `in` is the stream's rest; called until finished.
    enum class Input { more, last };
    virtual CoderStep encode(std::span<const std::byte> in, std::span<std::byte> out, Input input) = 0;
};

class Decoder {
  public:
    virtual ~Decoder() = default;
    // Takes some of `in`, fills some of `out`; damage throws Error{ErrorCode::format} or {checksum}.
    virtual CoderStep decode(std::span<const std::byte> in, std::span<std::byte> out) = 0;
    // The input has ended, and decode() gives nothing more. Fills some of `out` with what the end sets free; finished:
    // the stream is complete. Only for formats whose streams do not tell their end; to the others it is a truncation.
    virtual CoderStep end_of_input(std::span<std::byte> /*out*/) { return {}; }
};

struct Codec {
    std::string name = {};              // "gzip"
    std::string extension = {};         // ".gz"; must not be empty
    std::vector<std::byte> magic = {};  // first bytes of every stream; must not be empty
    int default_level = 3;
    int min_level = 1;
    int max_level = 9;
    std::function<std::unique_ptr<Encoder>(int level)> encoder = {};
    std::function<std::unique_ptr<Decoder>()> decoder = {};
};

enum class Replace { no, yes };  // yes: as joblib's force=True

// Adds a codec to the table that dump and load consult. Error{usage} for an empty name, extension or magic, for one
// that is taken (name, extension, or a magic of which one is the beginning of the other) unless `replace` is yes, and
// for a missing coder.
void register_compressor(const std::string& name, Codec codec, Replace replace = Replace::no);

// Names of all codecs that can be used, in order of registration: "zlib", "gzip", …
std::vector<std::string> compressors();

// joblib's `compress` argument: nothing, true, a level, a name, or a name and a level.
//     {.compress = true}   {.compress = 3}   {.compress = "gzip"}   {.compress = {"gzip", 3}}
// "blosc" and "blosc:zstd" (blosclz, lz4, lz4hc, zlib; levels 1–9, default 5) leave the file itself uncompressed and
// pack each array by Blosc, bytes or bits shuffled; Python's joblib reads it where the package blosc is installed.
class Compress {
  public:
    Compress() = default;  // by the file's extension, else none
    template <std::same_as<bool> B>
    Compress(B on) : kind_(on ? Kind::on : Kind::unset) {}  // true: the extension's codec or zlib, default level
    template <std::integral I>
    requires(!std::same_as<I, bool>) Compress(I level)
        : kind_(Kind::level), level_(static_cast<int>(level)) {}  // 0: none unless the extension says so; 1–9
    Compress(const char* method) : kind_(Kind::method), method_(method) {}
    Compress(std::string method) : kind_(Kind::method), method_(std::move(method)) {}
    Compress(std::string method, int level)
        : kind_(Kind::method_and_level), method_(std::move(method)), level_(level) {}

    enum class Kind : std::uint8_t { unset, on, level, method, method_and_level };
    Kind kind() const noexcept { return kind_; }
    const std::string& method() const noexcept { return method_; }
    int level() const noexcept { return level_; }

  private:
    Kind kind_ = Kind::unset;
    std::string method_;
    int level_ = 0;
};

}  // namespace jl
