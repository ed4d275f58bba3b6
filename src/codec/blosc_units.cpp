#include <sstream>

#include <jl/error.hpp>

#include "codec/packed_units.hpp"

#ifdef JL_HAS_BLOSC
#include <blosc.h>
#endif

namespace jl::detail {

#ifdef JL_HAS_BLOSC

namespace {

[[noreturn]] void fail_chunk(const std::string& what) {
    throw Error(ErrorCode::format, "the Blosc chunk is damaged: " + what);
}

class ChunkEncoder final : public UnitEncoder {
  public:
    explicit ChunkEncoder(BloscChunks chunks) : chunks_(std::move(chunks)) {}

    // What Blosc puts out depends on the room that it has: it is given the same for the same unit.
    std::size_t encode(std::span<const std::byte> unit, std::span<std::byte> out) override {
        const bool typed = chunks_.item > 1 && chunks_.item <= BLOSC_MAX_TYPESIZE;
        const int size = blosc_compress_ctx(chunks_.level, typed ? BLOSC_SHUFFLE : BLOSC_BITSHUFFLE,
                                            typed ? chunks_.item : 1, unit.size(), unit.data(), out.data(),
                                            blosc_most(unit.size()), chunks_.compressor.c_str(), 0, 1);
        if (size <= 0)
            throw Error(ErrorCode::io,
                        "Blosc's compressor " + chunks_.compressor + " failed (" + std::to_string(size) + ")");
        return static_cast<std::size_t>(size);
    }

  private:
    BloscChunks chunks_;
};

class ChunkDecoder final : public UnitDecoder {
  public:
    void decode(std::span<std::byte> unit, std::span<std::byte> out) override {
        const std::span<const std::byte> chunk = unit.first(unit.size() - spare_bytes);
        std::size_t decoded = 0;
        if (chunk.size() < blosc_least || blosc_cbuffer_validate(chunk.data(), chunk.size(), &decoded) != 0)
            fail_chunk("its header does not fit its " + std::to_string(chunk.size()) + " bytes");
        if (decoded != out.size())
            fail_chunk("it claims to decode to " + std::to_string(decoded) + " bytes, " + std::to_string(out.size()) +
                       " are expected");
        const int produced = blosc_decompress_ctx(chunk.data(), out.data(), out.size(), 1);
        if (produced < 0 || static_cast<std::size_t>(produced) != out.size()) fail_chunk("it does not decode");
    }
};

class BloscFraming final : public BlockFraming {
  public:
    explicit BloscFraming(BloscChunks chunks) : chunks_(std::move(chunks)) {}
    std::size_t unit_bytes(int /*level*/) const override { return chunks_.unit; }
    std::size_t most_encoded(std::size_t unit) const override { return blosc_most(unit); }
    std::unique_ptr<UnitEncoder> unit_encoder(int /*level*/) const override {
        return std::make_unique<ChunkEncoder>(chunks_);
    }
    std::vector<std::byte> ending(const WrittenUnits& /*units*/) const override { return {}; }
    std::unique_ptr<UnitStream> find(const RandomSource& /*source*/, double /*ratio*/) const override {
        return nullptr;
    }

  private:
    BloscChunks chunks_;
};

class BloscUnits final : public UnitStream {
  public:
    using UnitStream::UnitStream;
    std::unique_ptr<UnitDecoder> unit_decoder() const override { return blosc_decoder(); }
};

}  // namespace

std::vector<std::string> blosc_compressors() {
    std::vector<std::string> names;
    std::istringstream list(blosc_list_compressors());
    for (std::string name; std::getline(list, name, ',');)
        if (name != "snappy") names.push_back(name);  // Python's blosc lacks it
    return names;
}

std::unique_ptr<BlockFraming> blosc_framing(BloscChunks chunks) {
    return std::make_unique<BloscFraming>(std::move(chunks));
}

std::unique_ptr<UnitDecoder> blosc_decoder() { return std::make_unique<ChunkDecoder>(); }

std::unique_ptr<UnitStream> blosc_units(BlockTable table) { return std::make_unique<BloscUnits>(std::move(table)); }

#else

namespace {

[[noreturn]] void refuse() {
    throw Error(ErrorCode::unsupported, "the array is packed by blosc, which is not built into this jl");
}

}  // namespace

std::vector<std::string> blosc_compressors() { return {}; }
std::unique_ptr<BlockFraming> blosc_framing(BloscChunks /*chunks*/) { refuse(); }
std::unique_ptr<UnitDecoder> blosc_decoder() { refuse(); }
std::unique_ptr<UnitStream> blosc_units(BlockTable /*table*/) { refuse(); }

#endif

}  // namespace jl::detail
