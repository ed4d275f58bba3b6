// The items of an array as a hash sees them: every number little-endian, fields of structures without gaps, nothing of
// the bytes that hold no value.
//
//     const CanonicalItems items(dtype);      if (!items.as_they_are()) items.pack(raw, packed);
//
// Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <jl/dtype.hpp>

namespace jl::detail {

class CanonicalItems {
  public:
    // Error{unsupported} for a structure whose fields take more bytes than it has.
    explicit CanonicalItems(const DType& dtype) : plan_(make(dtype, 0)) {}

    bool as_they_are() const noexcept { return plan_.as_it_is; }
    std::size_t raw_size() const noexcept { return plan_.raw_size; }
    std::size_t size() const noexcept { return plan_.size; }  // of a packed item
    // Precondition: `raw` is a whole number of items, and `to` has room for as many packed ones.
    void pack(std::span<const std::byte> raw, std::span<std::byte> to) const noexcept;

  private:
    struct Plan {
        std::size_t offset = 0;    // in the structure around it
        std::size_t raw_size = 0;  // of one item
        std::size_t size = 0;
        std::uint64_t count = 1;       // items of a sub-array
        std::size_t number_width = 0;  // of numbers to be turned round; 0: none
        std::size_t value_width = 0;   // of long doubles, whose other bytes hold no value; 0: none
        bool as_it_is = false;
        std::vector<Plan> parts = {};  // of a structure
    };
    static Plan make(const DType& dtype, std::size_t offset);
    static Plan make_plain(const DType& dtype);
    static Plan make_structure(const DType& dtype);
    static std::byte* pack(const Plan& plan, const std::byte* raw, std::byte* to) noexcept;
    static void pack_plain(const Plan& plan, const std::byte* raw, std::byte* to) noexcept;

    Plan plan_;
};

}  // namespace jl::detail
