// Tests of processes start this program again, as workers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <jl/init.hpp>

int main(int argc, char** argv) {
    jl::init(argc, argv);
    testing::InitGoogleMock(&argc, argv);
    return RUN_ALL_TESTS();
}
