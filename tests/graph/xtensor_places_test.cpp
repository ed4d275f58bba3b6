// Where the bytes of arrays land before xtensor's containers take them over.
#include <cstdint>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <jl/mapping_containers.hpp>
#include <jl/value.hpp>
#include <jl/xtensor.hpp>

#include "graph/array_node.hpp"
#include "graph/support/counted.hpp"
#include "graph/value_access.hpp"

namespace jl {
namespace {

using test::column_major, test::counted, test::dynamic_layout;
using Shape = std::vector<std::uint64_t>;

TEST(XtensorPlaces, AreMadeInTheContainersOwnStorage) {
    ArrayPlaces places;
    collect_places<std::map<std::string, xt::xarray<float>>>(places);
    const ArrayPlace* place = places.find(DType::of<float>(), 2, 'C');
    ASSERT_NE(place, nullptr);
    EXPECT_TRUE(*place->type == typeid(xt::xarray<float>::storage_type));
    const ArrayPlace::Made made = place->make(Shape{300, 400}, 'C');
    const auto& storage = *static_cast<xt::xarray<float>::storage_type*>(made.container.get());
    EXPECT_EQ(static_cast<const void*>(storage.data()), made.memory.data());
    EXPECT_EQ(made.memory.size(), 300U * 400 * sizeof(float));
}

TEST(XtensorPlaces, AreOfTheirLayoutAndNumberOfDimensionsOnly) {
    ArrayPlaces places;
    collect_places<xt::xtensor<double, 2, column_major>>(places);
    EXPECT_NE(places.find(DType::of<double>(), 2, 'F'), nullptr);
    EXPECT_EQ(places.find(DType::of<double>(), 2, 'C'), nullptr);
    EXPECT_EQ(places.find(DType::of<double>(), 3, 'F'), nullptr);
    EXPECT_EQ(places.find(DType::of<float>(), 2, 'F'), nullptr);
    collect_places<xt::xarray<float, dynamic_layout>>(places);
    EXPECT_NE(places.find(DType::of<float>(), 5, 'C'), nullptr);
    EXPECT_NE(places.find(DType::of<float>(), 5, 'F'), nullptr);
}

TEST(XtensorPlaces, AreNotWantedByWhatAdoptsItemsAnyway) {
    ArrayPlaces places;
    collect_places<xarray<double>>(places);
    collect_places<xt::xtensor_fixed<double, xt::xshape<3>>>(places);
    EXPECT_EQ(places.find(DType::of<double>(), 1, 'C'), nullptr);
}

// A document whose array lies in a storage made by a place, as loads from compressed files make them.
class PlacedArray {
  public:
    using Storage = xt::uvector<double>;

    PlacedArray(const Shape& shape, char order) : value_(counted({shape.begin(), shape.end()})) {
        ArrayNode& node = array_of(ValueAccess::cell(value_));
        auto storage = std::make_shared<Storage>(static_cast<std::size_t>(node.count()));
        memory_ = storage->data();
        for (std::size_t i = 0; i < storage->size(); ++i) memory_[i] = static_cast<double>(i);
        node.order = order;
        node.data = reinterpret_cast<std::byte*>(memory_);
        node.owner = storage;
        node.container = storage;
        node.container_type = &typeid(Storage);
    }
    const double* memory() const { return memory_; }
    template <class T>
    T as() const {
        return value_.as<T>();
    }

  private:
    Value value_;
    double* memory_ = nullptr;
};

TEST(XtensorPlaces, AreTakenOverByEveryContainerOfTheirStorageAndLayout) {
    const PlacedArray for_array({3, 4}, 'C');
    const auto array = for_array.as<xt::xarray<double>>();
    EXPECT_EQ(array.data(), for_array.memory());
    EXPECT_EQ(array, counted({3, 4}));
    const PlacedArray for_tensor({3, 4}, 'C');
    EXPECT_EQ((for_tensor.as<xt::xtensor<double, 2>>().data()), for_tensor.memory());
    const PlacedArray columns({3, 4}, 'F');
    const auto transposed = columns.as<xt::xarray<double, dynamic_layout>>();
    EXPECT_EQ(transposed.data(), columns.memory());
    EXPECT_EQ(xt::xarray<double>(xt::transpose(transposed)), counted({4, 3}));
    const PlacedArray flat({12}, 'F');
    EXPECT_EQ(flat.as<xt::xarray<double>>().data(), flat.memory());
}

TEST(XtensorPlaces, AreCopiedFromWhereLayoutOrTypeWantThat) {
    const PlacedArray columns({3, 4}, 'F');
    const auto rows = columns.as<xt::xarray<double>>();
    EXPECT_NE(rows.data(), columns.memory());
    EXPECT_EQ(xt::xarray<double>(xt::transpose(rows)), counted({4, 3}));
    EXPECT_EQ(columns.as<xt::xarray<float>>(), rows);
}

}  // namespace
}  // namespace jl
