#ifdef JL_HAS_LZMA

#include "codec/lzma_codec.hpp"

#include "codec/xz_kernel.hpp"

namespace jl::detail {

BuiltInCodec lzma_codec() {
    static const BuiltInCodec codec{std::make_shared<const Codec>(Codec{
                                        .name = "lzma",
                                        .extension = ".lzma",
                                        .magic = {std::byte{0x5D}, std::byte{0}},
                                        .default_level = 6,
                                        .min_level = 1,
                                        .max_level = 9,
                                        .encoder = [](int level) { return std::make_unique<LzmaAloneEncoder>(level); },
                                        .decoder = [] { return std::make_unique<LzmaDecoder>(LzmaFormat::alone); },
                                    }),
                                    nullptr};
    return codec;
}

}  // namespace jl::detail

#endif
