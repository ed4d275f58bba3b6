// The allow-list: classes of which natural values are made (spec: pickle profile). Everything else stays an opaque
// object.
#pragma once

#include <string_view>

namespace jl {

enum class Known : int {
    none = 0,
    companion_wrapper,  // arrays of joblib before 0.10, in files of their own
    array_wrapper,
    ndarray,
    matrix,
    memmap,
    recarray,
    chararray,
    dtype,
    array_reconstruct,
    array_frombuffer,
    numpy_scalar,
    codecs_encode,
    complex,
    set,
    frozenset,
    bytearray,
    bytes,
    list,
    tuple,
    dict,
    ordered_dict,
    default_dict,
    counter,
    deque,
    object_reconstructor,
    newobj,
    newobj_ex,
};

// Modules of Python 2 and of numpy 1 and 2 count as the same class.
Known known_class(std::string_view module, std::string_view name) noexcept;

}  // namespace jl
