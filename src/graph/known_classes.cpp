#include "graph/known_classes.hpp"

namespace jl {

namespace {

struct Entry {
    std::string_view module, name;
    Known known;
};

constexpr Entry table[] = {
    {"numpy", "ndarray", Known::ndarray},
    {"numpy", "dtype", Known::dtype},
    {"numpy", "matrix", Known::matrix},
    {"numpy.matrixlib.defmatrix", "matrix", Known::matrix},
    {"numpy", "memmap", Known::memmap},
    {"numpy.core.memmap", "memmap", Known::memmap},
    {"numpy._core.memmap", "memmap", Known::memmap},
    {"numpy", "recarray", Known::recarray},
    {"numpy.rec", "recarray", Known::recarray},
    {"numpy.core.records", "recarray", Known::recarray},
    {"numpy", "chararray", Known::chararray},
    {"numpy.char", "chararray", Known::chararray},
    {"numpy.core.multiarray", "_reconstruct", Known::array_reconstruct},
    {"numpy._core.multiarray", "_reconstruct", Known::array_reconstruct},
    {"numpy.core.numeric", "_frombuffer", Known::array_frombuffer},
    {"numpy._core.numeric", "_frombuffer", Known::array_frombuffer},
    {"numpy.core.multiarray", "scalar", Known::numpy_scalar},
    {"numpy._core.multiarray", "scalar", Known::numpy_scalar},
    {"_codecs", "encode", Known::codecs_encode},
    {"builtins", "complex", Known::complex},
    {"__builtin__", "complex", Known::complex},
    {"builtins", "set", Known::set},
    {"__builtin__", "set", Known::set},
    {"builtins", "frozenset", Known::frozenset},
    {"__builtin__", "frozenset", Known::frozenset},
    {"builtins", "bytearray", Known::bytearray},
    {"__builtin__", "bytearray", Known::bytearray},
    {"builtins", "bytes", Known::bytes},
    {"__builtin__", "bytes", Known::bytes},
    {"builtins", "list", Known::list},
    {"__builtin__", "list", Known::list},
    {"builtins", "tuple", Known::tuple},
    {"__builtin__", "tuple", Known::tuple},
    {"builtins", "dict", Known::dict},
    {"__builtin__", "dict", Known::dict},
    {"collections", "OrderedDict", Known::ordered_dict},
    {"collections", "defaultdict", Known::default_dict},
    {"collections", "Counter", Known::counter},
    {"collections", "deque", Known::deque},
    {"copyreg", "_reconstructor", Known::object_reconstructor},
    {"copy_reg", "_reconstructor", Known::object_reconstructor},
    {"copyreg", "__newobj__", Known::newobj},
    {"copy_reg", "__newobj__", Known::newobj},
    {"copyreg", "__newobj_ex__", Known::newobj_ex},
    {"copy_reg", "__newobj_ex__", Known::newobj_ex},
};

}  // namespace

Known known_class(std::string_view module, std::string_view name) noexcept {
    for (const Entry& entry : table)
        if (entry.name == name && entry.module == module) return entry.known;
    // Vendored copies of joblib carry their parent's path.
    constexpr std::string_view home = "joblib.numpy_pickle";
    const bool at_home = module == home || (module.size() > home.size() && module.ends_with(home) &&
                                            module[module.size() - home.size() - 1] == '.');
    if (!at_home) return Known::none;
    if (name == "NDArrayWrapper" || name == "ZNDArrayWrapper") return Known::companion_wrapper;
    return name == "NumpyArrayWrapper" ? Known::array_wrapper : Known::none;
}

}  // namespace jl
