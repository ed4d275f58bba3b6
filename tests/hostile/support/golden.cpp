#include "hostile/support/golden.hpp"

#include <complex>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include <jl/jl.hpp>

#include "codec/packed_units.hpp"
#include "support/faulty_io.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {

namespace {

struct Inner {
    std::int32_t id = 0;
    double x = 0;
};
struct Model {
    std::string name = "model";
    std::vector<float> weights{1, 2, 3};
    std::optional<double> score = 0.5;
    std::vector<Inner> inner{{1, 2}, {3, 4}};
    std::shared_ptr<std::vector<double>> shared = std::make_shared<std::vector<double>>(5, 1.5), again = shared;
};

// Equal for equal values: the value written again, without compression.
std::string fingerprint(const Value& value) {
    MemorySink sink;
    dump(value, sink);
    return {reinterpret_cast<const char*>(sink.bytes().data()), sink.bytes().size()};
}

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

template <class T>
void add(std::vector<Golden>& all, const std::string& name, const T& value, const DumpOptions& options) {
    MemorySink sink;
    dump(value, sink, options);
    const std::string bytes(reinterpret_cast<const char*>(sink.bytes().data()), sink.bytes().size());
    all.push_back({name, bytes, fingerprint(load(bytes_of(bytes)))});
}

template <class T>
void add(std::vector<Golden>& all, const std::string& name, const T& value) {
    for (const char* codec : {"", "gzip", "zlib"})
        add(all, name + "." + codec, value, {.compress = *codec ? Compress(codec) : Compress()});
}

// Just long enough to be packed.
std::vector<std::int32_t> steps(std::int32_t count) {
    std::vector<std::int32_t> values;
    for (std::int32_t i = 0; i < count; ++i) values.push_back(i / 7 * 1'000);
    return values;
}

template <class Load>
testing::AssertionResult same_or_error(const Golden& golden, const char* way, Load load_value) {
    try {
        if (fingerprint(load_value()) == golden.value) return testing::AssertionSuccess();
        return testing::AssertionFailure() << way << ": another value was loaded";
    } catch (const Error&) {
        return testing::AssertionSuccess();
    } catch (const std::exception& error) {
        return testing::AssertionFailure() << way << ": " << error.what();
    }
}

}  // namespace

std::vector<Golden> golden_files() {
    std::vector<Golden> all;
    add(all, "scalars",
        std::tuple(1, -70'000, 1.5, true, std::string("text"), std::complex(1.0, -2.0), std::vector<std::byte>(3)));
    add(all, "containers",
        std::pair(std::map<std::string, std::set<int>>{{"a", {1, 2}}, {"b", {}}},
                  std::vector<std::string>{"x", "y", "x"}));
    add(all, "arrays",
        std::tuple(std::vector<double>{1, 2, 3}, std::vector<double>{4, 5, 6}, std::vector<std::int8_t>(40, 7),
                   std::vector<bool>{true}));
    add(all, "model", Model());
    const std::vector<std::int32_t> packed = steps(1'200);
    add(all, "shuffled", packed, {.compress = "gzip", .shuffle = true});
    if (!detail::blosc_compressors().empty()) add(all, "blosc", packed, {.compress = "blosc"});
    return all;
}

testing::AssertionResult harmless(const Golden& golden, std::string_view bytes, const std::string& scratch_file) {
    const LoadOptions options{.n_threads = 1, .limits = Limits::untrusted()};
    if (auto result = same_or_error(golden, "memory", [&] { return load(bytes_of(bytes), options); }); !result)
        return result;
    const auto stream = [&] {
        PieceSource source(bytes_of(bytes), 64);
        return load(source, options);
    };
    // A stream of which not a byte too many may be taken is told to be a container by its first bytes alone.
    constexpr std::size_t announcement = 17;
    const bool announced = golden.bytes.compare(0, announcement, bytes.substr(0, announcement)) == 0;
    if (auto result = same_or_error(golden, "stream", stream); announced && !result) return result;
    if (scratch_file.empty()) return testing::AssertionSuccess();
    write_file(scratch_file, bytes);
    const bool sound = verify(scratch_file, {.n_threads = 1, .limits = Limits::untrusted()}).ok();
    if (!sound) return testing::AssertionSuccess();
    return same_or_error(golden, "verified file", [&] {
        try {
            return load(scratch_file, options);
        } catch (const Error& error) {
            throw std::runtime_error(std::string("verify found nothing, load did: ") + error.what());
        }
    });
}

}  // namespace jl::test
