// Files of numpy and of joblib before 0.10 as the tests of legacy readers write them.
//
//     write_file(dir / "x.npy", npy_file<double>({1, 2, 3}, {3}));
#pragma once

#include <string>
#include <vector>
#include <zlib.h>

#include <jl/jl.hpp>

#include "persist/support/samples.hpp"

namespace jl::test {

inline std::string npy_bytes(const DType& dtype, const std::vector<std::uint64_t>& shape, std::string_view payload,
                             char order = 'C') {
    return make_npy_header(dtype, shape, order) + std::string(payload);
}

template <class T>
std::string npy_file(const std::vector<T>& values, const std::vector<std::uint64_t>& shape, char order = 'C') {
    return npy_bytes(DType::of<T>(), shape, text_of(std::as_bytes(std::span(values))), order);
}

inline std::string zlib_stream(std::string_view content) {
    uLongf size = ::compressBound(static_cast<uLong>(content.size()));
    std::string out(size, '\0');
    ::compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(content.data()),
               static_cast<uLong>(content.size()));
    out.resize(size);
    return out;
}

inline std::string zfile(std::string_view content) {
    char claim[32];
    std::snprintf(claim, sizeof claim, "0x%zx", content.size());
    std::string header = std::string("ZF") + claim;
    header.resize(21, ' ');
    return header + zlib_stream(content);
}

// A string as Python 2 pickles its str.
inline std::string py2_text(std::string_view s) {
    return std::string("U") + static_cast<char>(s.size()) + std::string(s);
}

// The wrapper of an array in `file`, as joblib 0.9 under Python 2 pickles it.
inline std::string wrapper(std::string_view file, const std::string& home = "joblib.numpy_pickle",
                           const std::string& subclass = "ndarray") {
    return "c" + home + "\nNDArrayWrapper\n)\x81}(" + py2_text("subclass") + "cnumpy\n" + subclass + "\n" +
           py2_text("filename") + py2_text(file) + py2_text("allow_mmap") + "\x88ub";
}

// The wrapper of doubles in the compressed `file`.
inline std::string zipped_wrapper(std::string_view file, std::uint8_t count) {
    return "cjoblib.numpy_pickle\nZNDArrayWrapper\n)\x81}(" + py2_text("filename") + py2_text(file) +
           py2_text("init_args") + std::string("cnumpy\nndarray\nK\0\x85", 18) + py2_text("b") + "\x87" +
           py2_text("state") + "(K\x01K" + static_cast<char>(count) + "\x85" + "cnumpy\ndtype\n" + py2_text("f8") +
           std::string("K\0K\1\x87R(K\3", 9) + py2_text("<") + "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xff" +
           std::string("K\0tb\x89tub", 8);
}

inline std::string pickle_of(const std::string& opcodes) { return "\x80\x02" + opcodes + "."; }

}  // namespace jl::test
