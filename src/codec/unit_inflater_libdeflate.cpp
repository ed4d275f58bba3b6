#ifdef JL_HAS_LIBDEFLATE

#include <algorithm>
#include <array>
#include <libdeflate.h>
#include <new>

#include "codec/unit_inflater.hpp"

namespace jl::detail {
namespace {

struct Free {
    void operator()(libdeflate_decompressor* decompressor) const noexcept {
        libdeflate_free_decompressor(decompressor);
    }
};

// libdeflate wants whole streams: an empty final block behind the flush makes one of a unit.
class LibdeflateUnitInflater final : public UnitDecoder {
  public:
    LibdeflateUnitInflater() : decompressor_(libdeflate_alloc_decompressor()) {
        if (!decompressor_) throw std::bad_alloc();
    }

    void decode(std::span<std::byte> unit, std::span<std::byte> out) override {
        constexpr std::array end{std::byte{1}, std::byte{0}, std::byte{0}, std::byte{0xFF}, std::byte{0xFF}};
        static_assert(end.size() == spare_bytes);
        require_full_flush(unit.first(unit.size() - spare_bytes));
        std::ranges::copy(end, unit.last(spare_bytes).begin());
        std::size_t consumed = 0;
        std::size_t produced = 0;
        const libdeflate_result result = libdeflate_deflate_decompress_ex(decompressor_.get(), unit.data(), unit.size(),
                                                                          out.data(), out.size(), &consumed, &produced);
        if (result != LIBDEFLATE_SUCCESS || consumed != unit.size() || produced != out.size()) fail_unit();
    }

  private:
    std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
};

}  // namespace

std::unique_ptr<UnitDecoder> libdeflate_unit_inflater() { return std::make_unique<LibdeflateUnitInflater>(); }

}  // namespace jl::detail

#endif
