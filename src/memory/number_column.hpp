// Numbers of one array as numpy prints them together: all fixed or all with exponents, up to six digits behind the
// point, the points below each other.
//
//     number_column<double>({0.5, 2}) == {"0.5", "2. "}       number_column<double>({1e-7, 1}) == {"1.e-07", "1.e+00"}
#pragma once

#include <string>
#include <vector>

namespace jl {

template <class Real>  // float, double
std::vector<std::string> number_column(const std::vector<Real>& numbers);

void align_right(std::vector<std::string>& texts);

}  // namespace jl
