#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <jl/mapping_dtype.hpp>

#include "graph/support/trip.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

const DType types[] = {
    DType("<f8"), DType(">i2"),
    DType("|S3"), DType("<U7"),
    DType("|b1"), DType("<M8[25us]"),
    DType("|O"),  DType::structure({{"a", DType("<i4"), 0, {}}, {"b", DType("|S3"), 4, {}}}, 7, false)};

TEST(MappingDType, EveryKindComesBack) {
    for (const DType& dtype : types) {
        SCOPED_TRACE(dtype.descr());
        EXPECT_EQ(through_value(dtype), dtype);
        EXPECT_EQ(through_file<DType>(dtype), dtype);
        EXPECT_EQ(through_file<DType>(through_file<Value>(dtype)), dtype);
        EXPECT_EQ(through_file<DType>(Value(dtype)), dtype);
        EXPECT_EQ(Value(dtype).class_name(), "numpy.dtype");
    }
}

TEST(MappingDType, RefusesWhatDescribesNoDType) {
    EXPECT_EQ(trip_error<DType>(std::string("<f8")).code(), ErrorCode::type);
    EXPECT_THAT(trip_error<DType>(std::string("<f8")).what(),
                HasSubstr("/: a numpy.dtype is needed, a value of kind str is there"));
}

}  // namespace
}  // namespace jl::test
