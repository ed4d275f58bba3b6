// expect: a view or expression of xtensor owns no items
#include <utility>
#include <xtensor/xview.hpp>

#include <jl/value.hpp>
#include <jl/xtensor.hpp>

using View = decltype(xt::view(std::declval<xt::xarray<double>&>(), 0));

void read(const jl::Record& record, View& view) { jl::read(record, view); }
