// What a Boost.Iostreams filter over a codec needs of the library, free of Boost: coders made by name, and the stream
// that one of them works on.
//
//     FilterStream stream(filter_compressor("gzip", {}));
//     stream.put(bytes, [&](std::span<const std::byte> coded) { … });  stream.finish(…);
//
// One thread at a time. Failures are jl::Error, or what the source or the sink threw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <jl/buffer.hpp>
#include <jl/codec.hpp>
#include <jl/limits.hpp>

namespace jl {

// jl: decoded, the stream has jl's table of blocks behind its content, as what jl::dump writes to files: row slices can
// be read from it. For jl::dump through a filter.
enum class BlockTables : std::uint8_t { none, jl };

struct CompressorOptions {
    unsigned n_threads = 1;  // 0: the cores available to the process
    BlockTables block_tables = BlockTables::none;
};

namespace detail {

// A decompressor takes the form of an Encoder, too: only that learns of the end of its input.
using MakeCoder = std::function<std::unique_ptr<Encoder>()>;
MakeCoder filter_compressor(const Compress& compress, const CompressorOptions& options);
MakeCoder filter_decompressor(const std::string& codec, const Limits& limits);

class FilterStream {
  public:
    static constexpr std::size_t piece_bytes = std::size_t{64} << 10;
    using Give = std::function<void(std::span<const std::byte>)>;
    // Fills a part of what it is given; 0: nothing at the moment, nullopt: the end.
    using Take = std::function<std::optional<std::size_t>(std::span<std::byte>)>;

    explicit FilterStream(MakeCoder make) : make_(std::move(make)) {}

    // Pushing. After a failure each call, finish() included, throws it again. put() behind finish() begins another
    // stream; a second finish() does nothing.
    void put(std::span<const std::byte> bytes, const Give& give);
    void finish(const Give& give);
    // Pulling: fills `into` unless the end is reached or `take` has nothing at the moment; nullopt at the end.
    std::optional<std::size_t> get(std::span<std::byte> into, const Take& take);
    // Forgets a stream that was pulled, whatever its state; get() begins another one.
    void stop_pulling() noexcept;

  private:
    enum class State : std::uint8_t { fresh, pushing, pulling, pulled_all, closed };

    template <class F>
    void guarded(F work);
    void open(State state);
    void pull(std::span<std::byte> into, std::size_t& filled, const Take& take);
    CoderStep step(std::span<const std::byte>& in, std::span<std::byte> out, Encoder::Input input);

    MakeCoder make_;
    std::unique_ptr<Encoder> coder_;  // while pushing or pulling
    State state_ = State::fresh;
    std::exception_ptr error_;
    Buffer piece_;                   // pushing: output; pulling: input
    std::span<const std::byte> in_;  // pulling: the rest of piece_
    bool input_ended_ = false;
};

}  // namespace detail
}  // namespace jl
