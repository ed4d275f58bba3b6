// What shows or computes items and owns none: written as the array it stands for.
#include <Eigen/Core>
#include <vector>
#include <xtensor/xadapt.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xstrided_view.hpp>
#include <xtensor/xview.hpp>

#include <jl/eigen.hpp>
#include <jl/xtensor.hpp>

#include "interop/filled.hpp"
#include "interop/matrix.hpp"

namespace interop {

namespace {

const auto& six() {
    static const xt::xarray<double> array = filled<double>({6, 4});
    return array;
}

void add_views_of_xtensor(Samples& samples) {
    const std::string why = "a view owns no items";
    samples.add_written("view_rows", xt::view(six(), xt::range(1, 6, 2), xt::all()), "filled('f8', (6, 4))[1:6:2]",
                        why);
    samples.add_written("view_column", xt::view(six(), xt::all(), 2), "filled('f8', (6, 4))[:, 2]", why);
    samples.add_written("view_reversed",
                        xt::strided_view(six(), {xt::range(xt::placeholders::_, xt::placeholders::_, -1)}),
                        "filled('f8', (6, 4))[::-1]", why);
    samples.add_written("view_transposed", xt::transpose(six()), "filled('f8', (6, 4)).T", why);
    static std::vector<float> owner{1, 2, 3, 4, 5, 6};
    const std::vector<std::size_t> shape{2, 3};
    samples.add_written("adapted", xt::adapt(owner.data(), owner.size(), xt::no_ownership(), shape),
                        "np.array([[1, 2, 3], [4, 5, 6]], 'f4')", why);
}

void add_lazy(Samples& samples) {
    const std::string why = "an expression owns no items";
    samples.add_written("lazy", six() * 2.0 + 1.0, "filled('f8', (6, 4)) * 2.0 + 1.0", why);
    samples.add_written("lazy_broadcast", six() + filled<double>({4}), "filled('f8', (6, 4)) + filled('f8', (4,))",
                        why);
    samples.add_written("lazy_bool", six() > 2.0, "filled('f8', (6, 4)) > 2.0", why);
    samples.add_written("lazy_cast", xt::cast<float>(six()), "filled('f4', (6, 4))", why);
}

}  // namespace

void add_views(Samples& samples) {
    add_views_of_xtensor(samples);
    add_lazy(samples);
    static const Eigen::MatrixXd four = (Eigen::MatrixXd(2, 2) << 1, 2, 3, 4).finished();
    const std::string all = "np.array([[1.0, 2.0], [3.0, 4.0]], order='F')", why = "it owns no items";
    samples.add_written("eigen_map", Eigen::Map<const Eigen::MatrixXd>(four.data(), 2, 2), all, why);
    samples.add_written("eigen_ref", Eigen::Ref<const Eigen::MatrixXd>(four), all, why);
    samples.add_written("eigen_block", four.block(0, 1, 2, 1), "np.array([[2.0], [4.0]])", why);
    samples.add_written("eigen_column", four.col(1), "np.array([2.0, 4.0])", why);
    samples.add_written("eigen_expression", four * 2.0, all + " * 2", why);
}

}  // namespace interop
