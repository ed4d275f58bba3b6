#include "persist/pass_object.hpp"

#include "persist/parse.hpp"
#include "persist/payloads.hpp"
#include "persist/stream_trailer.hpp"

namespace jl {

namespace {

// Steps over payloads.
class Passing final : public PayloadLoader {
  public:
    explicit Passing(double ratio) : ratio_(ratio) {}
    void load(ArrayNode& array, Input& in) override {
        ++arrays_;
        if (array.packed)
            pass_packed(array, in, ratio_);
        else
            in.skip(array.nbytes);
    }
    bool any() const noexcept { return arrays_ > 0; }

  private:
    double ratio_;
    std::uint64_t arrays_ = 0;
};

}  // namespace

PassedObject pass_object(Input& in, const Limits& limits) {
    const std::uint64_t begin = in.position();
    const auto version = detail::begins_container(in, detail::Following::others);
    const bool is_npy = !in.peek(1).empty() && in.peek(1)[0] == std::byte{0x93};
    if (version) in.start_checksum();
    Document document(limits);
    Passing passing(limits.ratio);
    parse_object(in, document, passing, nullptr);
    if (version)
        return {{true, pass_trailer(in, begin, *version, limits)},
                "jl " + std::to_string(version->major) + "." + std::to_string(version->minor)};
    return {{}, is_npy ? "npy" : passing.any() ? "joblib" : "pickle"};
}

}  // namespace jl
