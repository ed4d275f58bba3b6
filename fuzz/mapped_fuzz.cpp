// Files under each mmap_mode, File, slices and verify: no crash, and no map shows another value than a load.
#include "support/check.hpp"
#include "support/mutator.hpp"

namespace {

template <class Work>
void attempt(Work work) {
    try {
        work();
    } catch (const jl::Error&) {
    }
}

void read_arrays(const std::string& path) {
    const jl::File file(path, {.n_threads = 1, .limits = jl::fuzz::bounds});
    for (const jl::ArrayEntry& entry : file.arrays()) {
        attempt([&] {
            volatile double sum = 0;  // every page is touched, whatever the compiler thinks of it
            for (const double x : file.array<double>(entry.path)) sum = sum + x;
            if (!entry.shape.empty() && entry.shape[0] > 1)
                for (const double x : file.slice<double>(entry.path, 1, entry.shape[0])) sum = sum - x;
        });
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace jl::fuzz;
    const std::string& path = scratch_file(std::as_bytes(std::span(data, size)));
    const auto loaded = [&](std::optional<jl::MmapMode> mode) {
        return outcome([&] { return jl::load(path, {.mmap_mode = mode, .n_threads = 1, .limits = bounds}); });
    };
    const std::string plain = loaded({}), mapped = loaded(jl::MmapMode::r);
    require(plain == mapped || is_error(plain) || is_error(mapped), "a map shows what a load reads");
    require(loaded(jl::MmapMode::c) == mapped, "private and read-only maps agree");
    attempt([&] { read_arrays(path); });
    bool sound = false, checked = false;
    attempt([&] {
        const jl::VerifyReport report = jl::verify(path, {.n_threads = 1, .limits = bounds});
        sound = report.ok(), checked = report.has_checksums();
    });
    require(!sound || !is_error(plain) || plain == "error limit", "what verify accepts loads");
    (void)loaded(jl::MmapMode::r_plus);
    attempt([&] {
        const jl::VerifyReport report = jl::verify(path, {.n_threads = 1, .limits = bounds});
        require(!(sound && checked) || report.ok(), "a map for writing that changes nothing leaves a sound file");
    });
    return 0;
}
