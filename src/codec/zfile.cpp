#include "codec/zfile.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include <jl/error.hpp>

#include "codec/deflate_decoder.hpp"

namespace jl::detail {
namespace {

constexpr std::string_view magic = "ZF";
constexpr std::size_t length_characters = 19;  // of hex(2**64)
constexpr std::size_t header_bytes = magic.size() + length_characters;
constexpr std::byte space{0x20};  // Python 2 has one more: its hex() of a long ends with L

// "0x1b" and spaces, with Python 2's L where it had a long.
std::uint64_t claimed_length(std::string_view text) {
    std::uint64_t length = 0;
    const std::string_view digits = text.substr(std::min<std::size_t>(text.size(), text.starts_with("0x") ? 2 : 0));
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length, 16);
    std::string_view rest(end, static_cast<std::size_t>(digits.data() + digits.size() - end));
    if (rest.starts_with('L')) rest.remove_prefix(1);
    if (error != std::errc() || rest.find_first_not_of(' ') != std::string_view::npos)
        throw Error(ErrorCode::format, "the ZF header tells no length");
    return length;
}

class ZFileDecoder final : public Decoder {
  public:
    CoderStep decode(std::span<const std::byte> in, std::span<std::byte> out) override {
        const std::size_t taken = take_header(in);
        if (!begun_) return {taken, 0, false};
        CoderStep step = stream_.decode(in.subspan(taken), out);
        step.consumed += taken;
        decoded_ += step.produced;
        if (decoded_ > claimed_ || (step.finished && decoded_ < claimed_))
            throw Error(ErrorCode::format, "the ZF header claims " + std::to_string(claimed_) + " bytes, " +
                                               std::to_string(decoded_) +
                                               (step.finished ? " are there" : " and more are there"));
        return step;
    }

  private:
    std::size_t take_header(std::span<const std::byte> in) {
        const std::size_t count = std::min(in.size(), header_.size() - filled_);
        for (std::size_t i = 0; i < count; ++i) header_[filled_ + i] = static_cast<char>(in[i]);
        filled_ += count;
        if (begun_ || filled_ < header_.size() || count == in.size()) return count;
        // One byte is looked at to tell the longer header from the shorter one.
        claimed_ = claimed_length(std::string_view(header_.data(), header_.size()).substr(magic.size()));
        begun_ = true;
        return count + (in[count] == space ? 1 : 0);
    }

    std::array<char, header_bytes> header_{};
    std::size_t filled_ = 0;
    bool begun_ = false;
    std::uint64_t claimed_ = 0;
    std::uint64_t decoded_ = 0;
    DeflateDecoder stream_{Framing::zlib};
};

}  // namespace

bool begins_zfile(std::span<const std::byte> beginning) noexcept {
    return beginning.size() >= magic.size() && beginning[0] == std::byte{'Z'} && beginning[1] == std::byte{'F'};
}

std::shared_ptr<const Codec> zfile_codec() {
    static const auto codec = std::make_shared<const Codec>(Codec{
        .name = "zlib",
        .extension = {},
        .magic = {std::byte{'Z'}, std::byte{'F'}},
        .encoder = {},
        .decoder = [] { return std::make_unique<ZFileDecoder>(); },
    });
    return codec;
}

}  // namespace jl::detail
