// expect: matrices and expressions of Eigen need #include <jl/eigen.hpp>
#include <Eigen/Core>

#include <jl/mapping_containers.hpp>

// As a plain sequence it would lose its shape.
void write(jl::Emitter& out, const Eigen::VectorXd& vector) { jl::emit(out, vector); }
