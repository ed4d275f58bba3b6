// The pickle machine with the allow-list: no crash, and what it made can be shown, measured, written and read as types.
#include <chrono>
#include <complex>
#include <map>
#include <variant>

#include "graph/builder.hpp"
#include "graph/loading.hpp"
#include "graph/value_access.hpp"
#include "io/input.hpp"
#include "support/check.hpp"

namespace {

class Payloads final : public jl::PayloadLoader {
  public:
    explicit Payloads(jl::Document& document) : document_(document) {}
    void load(jl::ArrayNode& array, jl::Input& in) override {
        if (array.packed) throw jl::Error(jl::ErrorCode::unsupported, "packed arrays are the business of load_fuzz");
        array.data = static_cast<std::byte*>(document_.arena().allocate(static_cast<std::size_t>(array.nbytes)));
        in.read({array.data, static_cast<std::size_t>(array.nbytes)});
    }

  private:
    jl::Document& document_;
};

template <class T>
void read_as(const jl::Value& value) {
    try {
        (void)value.as<T>();
    } catch (const jl::Error&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace jl;
    const auto bytes = std::as_bytes(std::span(data, size));
    try {
        const MemorySource source(bytes);
        Input in(source, 0, size);
        auto document = std::make_shared<Document>(fuzz::bounds);
        Payloads payloads(*document);
        GraphBuilder builder(payloads);
        const Cell root = Machine(in, *document, builder).run();
        const Value value = ValueAccess::make(document, root);
        fuzz::require(value.str(200).size() < 2'000, "a rendering is bounded");
        if (depth_of(root, 1'000) < 1'000) {
            read_as<std::vector<std::vector<double>>>(value);
            read_as<std::map<std::string, std::variant<int, double, std::string>>>(value);
            read_as<std::pair<__int128, std::complex<float>>>(value);
            read_as<std::vector<std::chrono::nanoseconds>>(value);
            read_as<Array<float>>(value);
        }
        fuzz::require_stable(fuzz::fingerprint(value));
    } catch (const Error&) {
    }
    return 0;
}
