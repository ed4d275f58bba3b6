#include <algorithm>
#include <vector>

#include <jl/detail/filter_stream.hpp>
#include <jl/error.hpp>

#include "codec/binding.hpp"
#include "codec/built_in_codecs.hpp"
#include "codec/member_decoder.hpp"
#include "codec/registry.hpp"

namespace jl::detail {
namespace {

// Bytes that decide which codec it is go to it first.
class FilterDecoding final : public Encoder {
  public:
    FilterDecoding(std::shared_ptr<const Codec> codec, double ratio) : ratio_(ratio), beginning_(magic_bytes()) {
        if (codec) begin(*codec);
    }

    CoderStep encode(std::span<const std::byte> in, std::span<std::byte> out, Input input) override {
        CoderStep done;
        if (!decoder_) {
            done.consumed = keep_beginning(in);
            in = in.subspan(done.consumed);
            if (kept_ < beginning_.size() && input == Input::more) return done;
            begin(detected());
        }
        while (fed_ < kept_) {
            const CoderStep first = decoder_->decode(std::span(beginning_).first(kept_).subspan(fed_), out);
            fed_ += first.consumed;
            done.produced = first.produced;
            if (first.produced > 0 || first.consumed == 0) return done;
        }
        const CoderStep step = decoder_->decode(in, out);
        done.consumed += step.consumed;
        done.produced = step.produced;
        if (input == Input::last && step.produced == 0 && step.consumed == in.size()) {
            done.produced = decoder_->end_of_input(out);
            done.finished = done.produced == 0;
            if (done.finished) decoder_->end();
        }
        return done;
    }

  private:
    void begin(const Codec& codec) { decoder_.emplace(codec, ratio_); }
    std::size_t keep_beginning(std::span<const std::byte> in) {
        const std::size_t count = std::min(in.size(), beginning_.size() - kept_);
        std::copy_n(in.begin(), count, beginning_.begin() + static_cast<std::ptrdiff_t>(kept_));
        kept_ += count;
        return count;
    }
    const Codec& detected() {
        found_ = detect(std::span(beginning_).first(kept_));
        if (found_) return *found_;
        throw Error(kept_ == 0 ? ErrorCode::truncated : ErrorCode::format,
                    kept_ == 0 ? "there is no compressed stream: the input is empty"
                               : "the input begins as no codec's stream does");
    }

    double ratio_;
    std::shared_ptr<const Codec> found_;
    std::optional<MemberDecoder> decoder_;
    std::vector<std::byte> beginning_;
    std::size_t kept_ = 0;  // bytes of beginning_
    std::size_t fed_ = 0;   // of those, bytes that the decoder has consumed
};

}  // namespace

MakeCoder filter_compressor(const Compress& compress, const CompressorOptions& options) {
    if (choose_blosc(compress)) throw Error(ErrorCode::usage, "blosc packs arrays: it is no codec of a stream");
    const std::optional<CodecChoice> choice = choose(compress, "");
    if (!choice) throw Error(ErrorCode::usage, "a compressing filter needs a codec and a level above 0");
    const BlockFraming* const framing = block_framing_of(*choice->codec);
    if (framing == nullptr) return [choice] { return choice->codec->encoder(choice->level); };
    const TableUse table = options.block_tables == BlockTables::jl ? TableUse::written : TableUse::left_out;
    return [framing, level = choice->level, n_threads = effective_threads(options.n_threads), table] {
        return block_encoder(*framing, level, n_threads, table);
    };
}

MakeCoder filter_decompressor(const std::string& name, const Limits& limits) {
    std::shared_ptr<const Codec> codec = name.empty() ? nullptr : codec_named(name);
    if (!codec && !name.empty()) throw Error(ErrorCode::usage, "there is no codec '" + name + "'");
    return [codec = std::move(codec), ratio = limits.ratio] { return std::make_unique<FilterDecoding>(codec, ratio); };
}

template <class F>
void FilterStream::guarded(F work) {
    if (error_) std::rethrow_exception(error_);
    try {
        work();
    } catch (...) {
        error_ = std::current_exception();
        throw;
    }
}

void FilterStream::open(State state) {
    if (state_ == state) return;
    coder_ = make_();
    if (piece_.size() == 0) piece_ = Buffer(piece_bytes);
    in_ = {};
    input_ended_ = false;
    state_ = state;
}

// A coder that stands still would do so for ever.
CoderStep FilterStream::step(std::span<const std::byte>& in, std::span<std::byte> out, Encoder::Input input) {
    const CoderStep done = coder_->encode(in, out, input);
    const bool is_waiting = in.empty() && input == Encoder::Input::more;
    if (done.consumed == 0 && done.produced == 0 && !done.finished && !is_waiting)
        throw Error(ErrorCode::usage, "the filter's codec takes no more input and gives no output");
    in = in.subspan(done.consumed);
    return done;
}

void FilterStream::put(std::span<const std::byte> bytes, const Give& give) {
    guarded([&] {
        open(State::pushing);
        for (bool holds_more = false; holds_more || !bytes.empty();) {
            const CoderStep done = step(bytes, piece_.bytes(), Encoder::Input::more);
            if (done.produced > 0) give(piece_.bytes().first(done.produced));
            holds_more = done.produced == piece_.size();
        }
    });
}

void FilterStream::finish(const Give& give) {
    guarded([&] {
        if (state_ == State::fresh) open(State::pushing);
        for (std::span<const std::byte> none; state_ == State::pushing;) {
            const CoderStep done = step(none, piece_.bytes(), Encoder::Input::last);
            if (done.produced > 0) give(piece_.bytes().first(done.produced));
            if (!done.finished) continue;
            coder_.reset();
            state_ = State::closed;
        }
    });
}

std::optional<std::size_t> FilterStream::get(std::span<std::byte> into, const Take& take) {
    std::size_t filled = 0;
    try {
        guarded([&] { pull(into, filled, take); });
    } catch (...) {
        // What stands before the damage is given first; the next call throws.
        if (filled == 0) throw;
    }
    return filled == 0 && state_ == State::pulled_all ? std::nullopt : std::optional(filled);
}

void FilterStream::pull(std::span<std::byte> into, std::size_t& filled, const Take& take) {
    if (state_ != State::pulled_all) open(State::pulling);
    while (filled < into.size() && state_ == State::pulling) {
        if (in_.empty() && !input_ended_) {
            const std::optional<std::size_t> count = take(piece_.bytes());
            if (count && *count == 0) return;
            input_ended_ = !count;
            in_ = piece_.bytes().first(count.value_or(0));
        }
        const Encoder::Input input = input_ended_ ? Encoder::Input::last : Encoder::Input::more;
        const CoderStep done = step(in_, into.subspan(filled), input);
        filled += done.produced;
        if (done.finished && input_ended_) state_ = State::pulled_all;
    }
}

void FilterStream::stop_pulling() noexcept {
    if (state_ == State::pushing) return;
    coder_.reset();
    error_ = nullptr;
    state_ = State::closed;
}

}  // namespace jl::detail
