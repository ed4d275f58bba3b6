// Rows for jl::Writer from xtensor and Eigen: containers, views and expressions in either order.
#include <gtest/gtest.h>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>

#include <jl/eigen.hpp>
#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

template <class Append>
xt::xarray<double> written(std::vector<std::uint64_t> shape, Append append) {
    const TempDir dir;
    Writer writer(dir / "x.pkl");
    RowWriter out = writer.array<double>("x", shape);
    append(out);
    writer.close();
    EXPECT_TRUE(verify(dir / "x.pkl").ok());
    return load(dir / "x.pkl")["x"].as<xt::xarray<double>>();
}

const xt::xarray<double> grid = xt::arange<double>(0, 3000).reshape({300, 10});

TEST(WriterExpressions, ContainersViewsAndExpressionsOfXtensor) {
    const xt::xarray<double> wanted = grid * 2 + 1;
    EXPECT_EQ(written({300, 10}, [](RowWriter& out) { out.append(grid * 2 + 1); }), wanted);
    EXPECT_EQ(written({unknown, 10},
                      [&](RowWriter& out) {
                          out.append(xt::view(wanted, xt::range(0, 100)));
                          out.append(xt::view(grid, 100) * 2 + 1);  // one row
                          out.append(xt::view(grid, xt::range(101, 300), xt::all()) * 2 + 1);
                      }),
              wanted);
}

TEST(WriterExpressions, ColumnMajorRowsAreTurned) {
    const xt::xarray<double, xt::layout_type::column_major> turned = grid;
    EXPECT_EQ(written({600, 10},
                      [&](RowWriter& out) {
                          out.append(turned);
                          out.append(turned + 0.5);  // lazily
                      }),
              (xt::xarray<double>(xt::concatenate(xt::xtuple(grid, grid + 0.5), 0))));
    const xt::xarray<double> cube = xt::arange<double>(0, 24).reshape({2, 3, 4});
    EXPECT_EQ(written({4, 3, 4},
                      [&](RowWriter& out) {
                          out.append(xt::xarray<double, xt::layout_type::column_major>(cube));
                          out.append(cube);
                      }),
              (xt::xarray<double>(xt::concatenate(xt::xtuple(cube, cube), 0))));
}

TEST(WriterExpressions, MatricesOfEigen) {
    Eigen::MatrixXd columns(2, 3);
    columns << 1, 2, 3, 4, 5, 6;
    const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows = columns;
    const xt::xarray<double> got = written({7, 3}, [&](RowWriter& out) {
        out.append(columns);
        out.append(rows);
        out.append(Eigen::Vector3d(7, 8, 9));
        out.append(columns * 2);
    });
    EXPECT_EQ(got, (xt::xarray<double>{{1, 2, 3}, {4, 5, 6}, {1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {2, 4, 6}, {8, 10, 12}}));
}

TEST(WriterExpressions, RowsOfOtherShapesAreRefused) {
    const TempDir dir;
    Writer writer(dir / "x.pkl");
    RowWriter out = writer.array<double>("x", {300, 10});
    EXPECT_EQ(error_of([&] { out.append(xt::view(grid, xt::all(), xt::range(0, 5))); }).code(), ErrorCode::range);
    EXPECT_EQ(error_of([&] { out.append(xt::cast<float>(grid)); }).code(), ErrorCode::type);
    EXPECT_EQ(error_of([&] { out.append(xt::transpose(grid)); }).code(), ErrorCode::range);
}

}  // namespace
}  // namespace jl::test
