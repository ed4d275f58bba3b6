// Headers of .npy: no crash, no claim believed; what is written from one is read back as the same.
#include <jl/npy.hpp>

#include "support/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace jl;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    (void)fuzz::outcome([&] { return load(std::as_bytes(std::span(data, size)), {.limits = fuzz::bounds}); });
    NpyHeader header;
    try {
        header = parse_npy_header(bytes);
        fuzz::require(header.payload <= size && header.shape.size() <= 64, "a header lies inside of its file");
    } catch (const Error&) {
        return 0;
    }
    try {
        const NpyHeader again = parse_npy_header(make_npy_header(header.dtype, header.shape, header.order));
        fuzz::require(again.dtype == header.dtype && again.shape == header.shape && again.order == header.order &&
                          again.nbytes == header.nbytes,
                      "a written header is read back");
    } catch (const Error& error) {
        fuzz::require(error.code() == ErrorCode::unsupported, "what was read can be written");
    }
    return 0;
}
