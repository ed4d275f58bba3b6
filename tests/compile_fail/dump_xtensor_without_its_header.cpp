// expect: arrays and expressions of xtensor need #include <jl/xtensor.hpp>
#include <xtensor/xarray.hpp>

#include <jl/mapping_containers.hpp>

// As a plain sequence it would lose its shape.
void write(jl::Emitter& out, const xt::xarray<double>& array) { jl::emit(out, array); }
