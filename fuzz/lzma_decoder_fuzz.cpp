// The decoders of lzma streams: no crash, bounded output and memory, and all ways of reading agree.
#include "support/codec_ways.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    jl::fuzz::decode_any_way("lzma", {data, size});
    return 0;
}
