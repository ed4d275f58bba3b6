// Eigen: matrices are 2-d arrays in their own order, vectors 1-d ones; expressions are written piece by piece.
#include <Eigen/Core>
#include <iostream>

#include <jl/eigen.hpp>
#include <jl/jl.hpp>

struct Regression {
    Eigen::MatrixXd coef;
    Eigen::VectorXd intercept;
    Eigen::Vector3f scale = {1, 1, 1};
};

int main() {
    const Regression model{Eigen::MatrixXd::Random(3, 20), Eigen::VectorXd::Random(3)};
    jl::dump(model, "regression.pkl");                   // numpy: coef (3, 20) in F order, intercept (3,)
    jl::dump(model.coef * 2.0, "doubled.pkl.gz");        // an expression
    jl::dump(model.coef.middleCols(5, 10), "part.pkl");  // a block

    const auto back = jl::load<Regression>("regression.pkl");
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const auto rows = jl::load<RowMajor>("doubled.pkl.gz");  // reordered on the way
    if (back.coef != model.coef || back.intercept != model.intercept || rows != model.coef * 2.0) return 1;

    try {
        jl::load<Eigen::Matrix3d>("part.pkl");
    } catch (const jl::Error& e) {
        std::cout << e.what() << '\n';
        return e.code() == jl::ErrorCode::range ? 0 : 1;
    }
    return 1;
}
