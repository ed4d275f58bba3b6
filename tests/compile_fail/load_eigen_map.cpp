// expect: a map, block or expression of Eigen owns no items
#include <jl/eigen.hpp>

void read(const jl::Record& record, Eigen::Map<Eigen::MatrixXd>& map) { jl::read(record, map); }
