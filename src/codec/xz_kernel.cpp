#ifdef JL_HAS_LZMA

#include "codec/xz_kernel.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <new>
#include <string>

#include <jl/error.hpp>

#include "codec/unit_coder.hpp"

namespace jl::detail {
namespace {

lzma_options_lzma options(int level) {
    lzma_options_lzma all;
    lzma_lzma_preset(&all, static_cast<std::uint32_t>(level));
    return all;
}

const std::uint8_t* in_bytes(std::span<const std::byte> bytes) {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}
std::uint8_t* out_bytes(std::span<std::byte> bytes) { return reinterpret_cast<std::uint8_t*>(bytes.data()); }

CoderStep run(lzma_stream& stream, std::span<const std::byte> in, std::span<std::byte> out, lzma_action action) {
    stream.next_in = in_bytes(in);
    stream.avail_in = in.size();
    stream.next_out = out_bytes(out);
    stream.avail_out = out.size();
    const lzma_ret result = lzma_code(&stream, action);
    if (result != LZMA_BUF_ERROR) require_lzma(result);
    return {in.size() - stream.avail_in, out.size() - stream.avail_out, result == LZMA_STREAM_END};
}

// The filters of a block, whose options liblzma allocates.
struct Filters {
    std::array<lzma_filter, LZMA_FILTERS_MAX + 1> chain;

    Filters() { chain.fill({LZMA_VLI_UNKNOWN, nullptr}); }
    Filters(const Filters&) = delete;
    Filters& operator=(const Filters&) = delete;
    ~Filters() {
        for (const lzma_filter& filter : chain) std::free(filter.options);
    }
};

}  // namespace

void require_lzma(lzma_ret result) {
    switch (result) {
        case LZMA_OK:
        case LZMA_STREAM_END:
            return;
        case LZMA_MEM_ERROR:
            throw std::bad_alloc();
        case LZMA_MEMLIMIT_ERROR:
            throw Error(ErrorCode::limit, "the lzma data asks for a dictionary beyond " + std::to_string(lzma_memory) +
                                              " bytes of memory");
        case LZMA_OPTIONS_ERROR:
            throw Error(ErrorCode::unsupported, "the lzma data uses a filter or an option that liblzma does not know");
        default:
            throw Error(ErrorCode::format, "the lzma data is damaged");
    }
}

std::size_t dictionary_bytes(int level) { return options(level).dict_size; }

std::size_t xz_most_encoded(std::size_t unit) { return lzma_block_buffer_bound(unit); }

// A dictionary larger than the unit would only cost memory.
std::size_t xz_encode_block(std::span<const std::byte> unit, std::span<std::byte> out, int level) {
    lzma_options_lzma all = options(level);
    const std::size_t useful = std::bit_ceil(std::max<std::size_t>(unit.size(), LZMA_DICT_SIZE_MIN));
    all.dict_size = static_cast<std::uint32_t>(std::min<std::size_t>(all.dict_size, useful));
    std::array<lzma_filter, 2> filters{lzma_filter{LZMA_FILTER_LZMA2, &all}, lzma_filter{LZMA_VLI_UNKNOWN, nullptr}};
    lzma_block block{};
    block.check = xz_check;
    block.filters = filters.data();
    std::size_t size = 0;
    require_lzma(
        lzma_block_buffer_encode(&block, nullptr, in_bytes(unit), unit.size(), out_bytes(out), &size, out.size()));
    return static_cast<std::size_t>(lzma_block_unpadded_size(&block));
}

void xz_decode_block(std::span<const std::byte> in, std::span<std::byte> out, lzma_check check) {
    Filters filters;
    lzma_block block{};
    block.check = check;
    block.filters = filters.chain.data();
    if (in.empty() || in.front() == std::byte{0}) fail_unit();
    block.header_size = lzma_block_header_size_decode(std::to_integer<std::uint32_t>(in.front()));
    if (block.header_size > in.size()) fail_unit();
    require_lzma(lzma_block_header_decode(&block, nullptr, in_bytes(in)));
    const std::uint64_t memory = lzma_raw_decoder_memusage(block.filters);
    constexpr std::uint64_t no_such_chain = ~std::uint64_t{0};
    if (memory == no_such_chain) require_lzma(LZMA_OPTIONS_ERROR);
    if (memory > lzma_memory) require_lzma(LZMA_MEMLIMIT_ERROR);
    std::size_t consumed = block.header_size;
    std::size_t produced = 0;
    const lzma_ret result = lzma_block_buffer_decode(&block, nullptr, in_bytes(in), &consumed, in.size(),
                                                     out_bytes(out), &produced, out.size());
    require_lzma(result);
    if (consumed != in.size() || produced != out.size()) fail_unit();
}

LzmaDecoder::LzmaDecoder(LzmaFormat format) {
    require_lzma(format == LzmaFormat::xz ? lzma_stream_decoder(&stream_, lzma_memory, 0)
                                          : lzma_alone_decoder(&stream_, lzma_memory));
}

CoderStep LzmaDecoder::decode(std::span<const std::byte> in, std::span<std::byte> out) {
    return run(stream_, in, out, LZMA_RUN);
}

LzmaAloneEncoder::LzmaAloneEncoder(int level) {
    const lzma_options_lzma all = options(level);
    require_lzma(lzma_alone_encoder(&stream_, &all));
}

CoderStep LzmaAloneEncoder::encode(std::span<const std::byte> in, std::span<std::byte> out, Input input) {
    return run(stream_, in, out, input == Input::last ? LZMA_FINISH : LZMA_RUN);
}

}  // namespace jl::detail

#endif
