// jl::DType as a value of its own: to Python it is a numpy.dtype.
//
//     jl::dump(std::map<std::string, jl::DType>{{"time", jl::DType("M8[ns]")}}, "columns.pkl");
//
// Reading throws Error{type} unless a numpy.dtype object is there, Error{format} where its parts contradict one
// another.
#pragma once

#include <jl/mapping.hpp>

namespace jl {

template <>
struct Mapping<DType> {
    static void emit(Emitter& out, const DType& dtype) { out.dtype(dtype); }
    static void read(const Record& in, DType& dtype) { dtype = in.dtype(); }
};

}  // namespace jl
