// An emitter that wants every array as an array, and every dtype as a dtype: those too that dump spells as calls.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <jl/emitter.hpp>

namespace jl {

class ArrayTaker {
  public:
    virtual ~ArrayTaker() = default;
    // `class_path`: "numpy.matrix", …; empty for a plain array whose items or structure no array record takes.
    virtual void array_of_class(const ArrayEvent& event, std::string_view class_path) = 0;
    // Of items that hold objects, which follow in C order; ended by end().
    virtual void begin_object_array(const DType& dtype, std::span<const std::uint64_t> shape,
                                    std::string_view class_path) = 0;
};

}  // namespace jl
