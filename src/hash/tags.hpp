// The first byte of every encoded value (spec: hash). Numbers are part of every key: none is ever changed or used
// again.
#pragma once

#include <cstdint>

namespace jl::detail {

enum class Tag : std::uint8_t {
    none = 0x00,
    no = 0x01,
    yes = 0x02,
    integer = 0x03,
    real = 0x04,
    complex = 0x05,
    text = 0x06,
    bytes = 0x07,
    bytearray = 0x08,
    scalar = 0x09,
    class_ref = 0x0a,
    dtype = 0x0b,

    // Followed by the digest of a body.
    list = 0x10,
    tuple = 0x11,
    set = 0x12,
    frozenset = 0x13,
    dict = 0x14,
    ordered_dict = 0x15,
    array = 0x16,
    object_array = 0x17,
    object = 0x18,

    // Inside bodies and dtypes only.
    appended_items = 0x20,
    appended_pairs = 0x21,
    state = 0x22,
    plain_dtype = 0x30,
    structure = 0x31,
    subarray = 0x32,

    cyclic = 0x40,  // of the whole value only
};

}  // namespace jl::detail
