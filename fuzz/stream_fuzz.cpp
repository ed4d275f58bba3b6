// Objects one after the other in a stream: the same values however the stream is cut in pieces, up to one byte at a
// time. The first byte of the input is the length of the pieces.
#include <algorithm>

#include "support/check.hpp"

namespace {

class Pieces final : public jl::Source {
  public:
    Pieces(std::span<const std::byte> bytes, std::size_t piece) : all_(bytes), rest_(bytes), piece_(piece) {}
    std::size_t read(std::span<std::byte> into) override {
        const std::size_t count = std::min({into.size(), rest_.size(), piece_});
        std::copy_n(rest_.begin(), count, into.begin());
        rest_ = rest_.subspan(count);
        return count;
    }
    bool prepare_unread() override { return true; }
    void unread(std::uint64_t count) override { rest_ = all_.last(rest_.size() + static_cast<std::size_t>(count)); }

  private:
    std::span<const std::byte> all_;
    std::span<const std::byte> rest_;
    std::size_t piece_;
};

std::string all_objects(std::span<const std::byte> bytes, std::size_t piece) {
    Pieces source(bytes, piece);
    std::string all;
    for (int i = 0; i < 8; ++i) {
        const std::string one = jl::fuzz::outcome(
            [&] { return jl::load(static_cast<jl::Source&>(source), {.n_threads = 1, .limits = jl::fuzz::bounds}); });
        // Which damage is met first may depend on how far a decoder was ahead.
        if (jl::fuzz::is_error(one)) return all + "error";
        all += one + "\n";
    }
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto bytes = std::as_bytes(std::span(data, size)).subspan(1);
    const std::string whole = all_objects(bytes, size);
    jl::fuzz::require(all_objects(bytes, data[0] % 64 + std::size_t{1}) == whole, "pieces make no difference");
    return 0;
}
