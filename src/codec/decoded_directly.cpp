#include <jl/buffer.hpp>

#include "codec/sequential_decoded.hpp"

namespace jl::detail {
namespace {

class DirectlyDecoded final : public Source {
  public:
    DirectlyDecoded(std::unique_ptr<Source> from, MemberDecoder decoder)
        : from_(std::move(from)), decoder_(std::move(decoder)), window_(window_bytes) {}

    std::size_t read(std::span<std::byte> into) override {
        if (error_) std::rethrow_exception(error_);
        try {
            return into.empty() ? 0 : decode(into);
        } catch (...) {
            error_ = std::current_exception();
            throw;
        }
    }

  private:
    static constexpr std::size_t window_bytes = std::size_t{256} << 10;

    std::size_t decode(std::span<std::byte> into) {
        for (;;) {
            const CoderStep step = decoder_.decode(in_, into);
            in_ = in_.subspan(step.consumed);
            if (step.produced > 0) return step.produced;
            if (!in_.empty()) continue;
            if (ended_) {
                const std::size_t last = decoder_.end_of_input(into);
                if (last == 0) decoder_.end();
                return last;
            }
            in_ = window_.bytes().first(from_->read(window_.bytes()));
            ended_ = in_.empty();
        }
    }

    std::unique_ptr<Source> from_;
    MemberDecoder decoder_;
    Buffer window_;
    std::span<const std::byte> in_;
    bool ended_ = false;
    std::exception_ptr error_;
};

}  // namespace

std::unique_ptr<Source> decoded_directly(std::unique_ptr<Source> from, MemberDecoder decoder) {
    return std::make_unique<DirectlyDecoded>(std::move(from), std::move(decoder));
}

}  // namespace jl::detail
