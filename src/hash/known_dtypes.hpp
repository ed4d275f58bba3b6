// What a hash makes of a dtype, made once for all arrays of it: thousands of fields may be told for a few bytes each.
//
//     KnownDTypes known;      known.encoding(dtype)      known.items(dtype).pack(raw, packed);
//
// References stay as long as it does. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <jl/dtype.hpp>

#include "hash/canonical_items.hpp"

namespace jl::detail {

class KnownDTypes {
  public:
    // At most some hundred bytes.
    std::span<const std::byte> encoding(const DType& dtype) { return found(dtype).encoding; }
    // Error{unsupported} for a structure whose fields take more bytes than it has.
    const CanonicalItems& items(const DType& dtype);

  private:
    struct Known {
        DType dtype;  // holds what it is known by
        std::vector<std::byte> encoding;
        std::optional<CanonicalItems> items = {};
    };
    // Structures and sub-arrays are known by what copies of a dtype share, and by the shape.
    using Key = std::pair<const void*, std::vector<std::uint64_t>>;

    Known& found(const DType& dtype);
    std::vector<std::byte> make_encoding(const DType& dtype);

    std::map<Key, Known> known_;
    std::optional<Known> plain_;  // the last dtype that is neither
};

}  // namespace jl::detail
