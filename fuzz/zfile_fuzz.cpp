// The framing of joblib before 0.10: no crash, bounded output, all ways of reading agree; as a file, whatever it holds.
#include "codec/zfile.hpp"
#include "support/check.hpp"
#include "support/codec_ways.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    jl::fuzz::compare_ways(bytes, *jl::detail::zfile_codec());
    (void)jl::fuzz::outcome(
        [&] { return jl::load(jl::fuzz::scratch_file(bytes), {.n_threads = 1, .limits = jl::fuzz::bounds}); });
    return 0;
}
