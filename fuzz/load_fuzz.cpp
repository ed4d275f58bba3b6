// A whole load, from memory, from a file and as a stream: no crash, the same outcome; what was loaded survives being
// written.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <variant>

#include "support/check.hpp"
#include "support/mutator.hpp"

namespace {

struct Typed {
    std::vector<double> xs;
    std::map<std::string, std::vector<std::string>> texts;
    std::optional<std::variant<int, std::string, std::vector<float>>> any;
    std::shared_ptr<Typed> next;
};

class Bytes final : public jl::Source {
  public:
    explicit Bytes(std::span<const std::byte> bytes) : rest_(bytes) {}
    std::size_t read(std::span<std::byte> into) override {
        const std::size_t count = std::min(into.size(), rest_.size());
        std::copy_n(rest_.begin(), count, into.begin());
        rest_ = rest_.subspan(count);
        return count;
    }

  private:
    std::span<const std::byte> rest_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace jl::fuzz;
    const auto bytes = std::as_bytes(std::span(data, size));
    const jl::LoadOptions options{.n_threads = 1, .limits = bounds};
    const std::string memory = outcome([&] { return jl::load(bytes, options); });
    const std::string file = outcome([&] { return jl::load(scratch_file(bytes), options); });
    // Only a file has others beside it, where joblib before 0.10 kept arrays.
    require(memory == file || (memory == "error unsupported" && is_error(file)), "a file loads as memory does");
    const std::string stream = outcome([&] {
        Bytes source(bytes);
        return jl::load(static_cast<jl::Source&>(source), options);
    });
    require(memory == stream || is_error(memory) || is_error(stream), "a stream holds the same value");
    if (!is_error(memory)) require_stable(memory);
    try {
        (void)jl::load<Typed>(bytes, options);
    } catch (const jl::Error&) {
    }
    return 0;
}
