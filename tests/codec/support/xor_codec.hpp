// A codec as a user may write one: its magic, the length of every piece, each byte XOR the level, an empty piece at the
// end.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include <jl/codec.hpp>
#include <jl/error.hpp>

#include "codec/support/samples.hpp"

namespace jl::test {

class XorEncoder final : public Encoder {
  public:
    XorEncoder(Bytes magic, int level) : waiting_(std::move(magic)), key_(static_cast<std::byte>(level)) {
        waiting_.push_back(key_);
    }

    CoderStep encode(std::span<const std::byte> in, std::span<std::byte> out, Input input) override {
        CoderStep done;
        if (waiting_.empty()) {
            done.consumed = std::min<std::size_t>(in.size(), 255);
            if (done.consumed > 0 || (input == Input::last && !ended_)) put_piece(in.first(done.consumed));
        }
        done.produced = std::min(out.size(), waiting_.size());
        std::copy_n(waiting_.begin(), done.produced, out.begin());
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(done.produced));
        done.finished = ended_ && waiting_.empty();
        return done;
    }

  private:
    void put_piece(std::span<const std::byte> piece) {
        waiting_.push_back(static_cast<std::byte>(piece.size()));
        for (const std::byte byte : piece) waiting_.push_back(byte ^ key_);
        ended_ = piece.empty();
    }

    Bytes waiting_;
    std::byte key_;
    bool ended_ = false;
};

class XorDecoder final : public Decoder {
  public:
    explicit XorDecoder(std::size_t magic) : head_(magic + 1) {}

    CoderStep decode(std::span<const std::byte> in, std::span<std::byte> out) override {
        CoderStep done;
        while (done.consumed < in.size() && !done.finished) {
            const std::byte byte = in[done.consumed];
            if (head_ > 0) {
                key_ = byte;
                --head_;
            } else if (left_ == 0) {
                left_ = std::to_integer<std::size_t>(byte);
                done.finished = left_ == 0;
            } else {
                if (done.produced == out.size()) break;
                out[done.produced++] = byte ^ key_;
                --left_;
            }
            ++done.consumed;
        }
        return done;
    }

  private:
    std::size_t head_;
    std::size_t left_ = 0;
    std::byte key_{};
};

inline Codec xor_codec(std::string extension, std::string_view magic) {
    const Bytes bytes = bytes_of(magic);
    return {.name = {},
            .extension = std::move(extension),
            .magic = bytes,
            .encoder = [bytes](int level) { return std::make_unique<XorEncoder>(bytes, level); },
            .decoder = [size = bytes.size()] { return std::make_unique<XorDecoder>(size); }};
}

}  // namespace jl::test
