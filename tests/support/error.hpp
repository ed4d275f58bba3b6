// The jl::Error that a call must end with.
//
//     const jl::Error error = error_of([&] { source.read_at(9, into); });   EXPECT_EQ(error.code(),
//     jl::ErrorCode::truncated);
#pragma once

#include <gtest/gtest.h>

#include <jl/error.hpp>

namespace jl::test {

// Without an error: a failure of the test, and an Error{usage} that says so.
template <class Call>
Error error_of(Call&& call) {
    try {
        call();
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "no jl::Error was thrown";
    return {ErrorCode::usage, "no error"};
}

}  // namespace jl::test
