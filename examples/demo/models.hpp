// The part of scikit-learn's models that predicting needs, as structures that jl::load fills from joblib's files:
// fields are named as the attributes in Python, everything else in the file is passed over.
//
//     const auto forest = jl::load<RandomForest>("forest.pkl.gz");     const auto p = forest.probabilities(data);
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xview.hpp>

#include <jl/xtensor.hpp>

using Matrix = xt::xtensor<double, 2>;  // a row a sample
using Labels = xt::xtensor<std::int64_t, 1>;

struct LogisticRegression {
    Matrix coef_;  // class, feature
    xt::xtensor<double, 1> intercept_;
    Labels classes_;

    Matrix probabilities(const Matrix& data) const {
        const Matrix scores = xt::sum(xt::view(data, xt::all(), xt::newaxis(), xt::all()) * coef_, {2}) + intercept_;
        const xt::xtensor<double, 1> highest = xt::amax(scores, {1});
        const Matrix powers = xt::exp(scores - xt::view(highest, xt::all(), xt::newaxis()));
        const xt::xtensor<double, 1> sums = xt::sum(powers, {1});
        return powers / xt::view(sums, xt::all(), xt::newaxis());
    }
};

// An item of a structured array: the fields are found by name, wherever they are in it.
struct TreeNode {
    std::int64_t left_child = 0;  // -1: a leaf
    std::int64_t right_child = 0;
    std::int64_t feature = 0;
    double threshold = 0;
};
struct Tree {
    std::vector<TreeNode> nodes;
    xt::xtensor<double, 3> values;  // node, output, class

    template <class Sample>
    std::size_t leaf_of(const Sample& sample) const {
        std::size_t at = 0;
        while (nodes[at].left_child >= 0) {
            const TreeNode& node = nodes[at];
            const double value = static_cast<float>(sample(static_cast<std::size_t>(node.feature)));
            at = static_cast<std::size_t>(value <= node.threshold ? node.left_child : node.right_child);
        }
        return at;
    }
};
struct DecisionTree {
    Tree tree_;
};

struct RandomForest {
    std::vector<DecisionTree> estimators_;
    Labels classes_;

    Matrix probabilities(const Matrix& data) const {
        Matrix total = xt::zeros<double>({data.shape(0), classes_.size()});
        for (const DecisionTree& estimator : estimators_) {
            for (std::size_t i = 0; i < data.shape(0); ++i) {
                const std::size_t leaf = estimator.tree_.leaf_of(xt::view(data, i, xt::all()));
                const auto counts = xt::view(estimator.tree_.values, leaf, 0, xt::all());
                xt::view(total, i, xt::all()) += counts / xt::sum(counts);
            }
        }
        return total / static_cast<double>(estimators_.size());
    }
};
