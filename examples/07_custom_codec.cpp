// A compressor of one's own: a coder from bytes to bytes is all; files, streams, extension and detection come with it.
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <memory>
#include <span>
#include <string_view>
#include <vector>
#include <xtensor/xbuilder.hpp>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

namespace {

// Run lengths: after the magic, pairs of a count (1 to 255) and a byte; the count 0 ends the stream.
constexpr std::string_view magic = "RUN1";

class RunEncoder final : public jl::Encoder {
  public:
    jl::CoderStep encode(std::span<const std::byte> in, std::span<std::byte> out, Input input) override {
        jl::CoderStep step;
        while (begun_ < magic.size() && step.produced < out.size())
            out[step.produced++] = static_cast<std::byte>(magic[begun_++]);
        while (step.consumed < in.size() && step.produced + 2 <= out.size()) {
            const std::byte byte = in[step.consumed];
            std::size_t count = 1;
            while (count < 255 && step.consumed + count < in.size() && in[step.consumed + count] == byte) ++count;
            out[step.produced++] = static_cast<std::byte>(count);
            out[step.produced++] = byte;
            step.consumed += count;
        }
        if (input == Input::last && step.consumed == in.size() && begun_ == magic.size() &&
            step.produced < out.size()) {
            out[step.produced++] = std::byte{0};
            step.finished = true;
        }
        return step;
    }

  private:
    std::size_t begun_ = 0;
};

class RunDecoder final : public jl::Decoder {
  public:
    jl::CoderStep decode(std::span<const std::byte> in, std::span<std::byte> out) override {
        jl::CoderStep step;
        while (!step.finished) {
            const std::size_t run = std::min(left_, out.size() - step.produced);
            std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(step.produced), run, byte_);
            step.produced += run;
            left_ -= run;
            if (left_ > 0 || step.consumed == in.size()) break;
            take(in[step.consumed++], step);
        }
        return step;
    }

  private:
    void take(std::byte byte, jl::CoderStep& step) {
        if (begun_ < magic.size()) {
            if (byte != static_cast<std::byte>(magic[begun_++]))
                throw jl::Error(jl::ErrorCode::format, "this is no run-length stream");
        } else if (count_ == 0) {
            count_ = std::to_integer<std::size_t>(byte);
            step.finished = count_ == 0;
        } else {
            byte_ = byte;
            left_ = count_;
            count_ = 0;
        }
    }

    std::size_t begun_ = 0;
    std::size_t count_ = 0;
    std::size_t left_ = 0;
    std::byte byte_{};
};

}  // namespace

int main() {
    jl::Codec my_codec;
    my_codec.extension = ".run";
    for (const char c : magic) my_codec.magic.push_back(static_cast<std::byte>(c));
    my_codec.encoder = [](int) { return std::make_unique<RunEncoder>(); };
    my_codec.decoder = [] { return std::make_unique<RunDecoder>(); };
    jl::register_compressor("run", my_codec);  // a jl::Codec: name, extension, magic, encoder, decoder

    const xt::xarray<float> zeros = xt::zeros<float>({1000, 1000});
    jl::dump(zeros, "zeros.pkl.run");                        // by the extension
    jl::dump(zeros, "zeros.pkl", {.compress = {"run", 1}});  // by name
    std::cout << zeros.size() * sizeof(float) << " bytes became " << std::filesystem::file_size("zeros.pkl.run")
              << '\n';
    for (const char* name : {"zeros.pkl.run", "zeros.pkl"}) {
        if (jl::load<xt::xarray<float>>(name) != zeros) return 1;  // by the first bytes
    }
    try {
        jl::register_compressor("run", my_codec);
    } catch (const jl::Error& e) {
        std::cout << e.what() << '\n';
        return 0;
    }
    return 1;
}
