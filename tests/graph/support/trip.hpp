// A value there and back on every way: as a jl::Value, as a file in memory, as a stream, as a gzip stream.
//
//     expect_trip(std::vector<double>{1, 2});      // the same on each way
//     const auto error = trip_error<int>("text");  // what reading a str as an int says
#pragma once

#include <gtest/gtest.h>
#include <span>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <jl/jl.hpp>

#include "support/error.hpp"

namespace jl::test {

template <class T>
std::vector<std::byte> dumped(const T& value, const DumpOptions& options = {}) {
    MemorySink sink;
    dump(value, sink, options);
    return sink.take();
}

template <class T>
T through_value(const T& value) {
    return Value(value).template as<T>();
}
template <class To, class From>
To through_file(const From& value, const LoadOptions& options = {}) {
    const std::vector<std::byte> bytes = dumped(value);
    return load<To>(std::span<const std::byte>(bytes), options);
}
template <class To, class From>
To through_stream(const From& value, const Compress& compress = {}) {
    std::stringstream stream;
    dump(value, stream, {.compress = compress});
    return load<To>(stream);
}

template <class T>
void expect_trip(const T& value) {
    EXPECT_EQ(through_value(value), value) << "as a Value";
    EXPECT_EQ(through_file<T>(value), value) << "as a file";
    EXPECT_EQ(through_stream<T>(value), value) << "as a stream";
    EXPECT_EQ(through_stream<T>(value, "gzip"), value) << "as a gzip stream";
    EXPECT_EQ(through_file<Value>(value).template as<T>(), value) << "as a Value from a file";
    EXPECT_EQ(dumped(through_file<Value>(value)).size(), dumped(Value(value)).size()) << "dumped again";
}

// The error of reading what `value` makes as a T, the same from a Value and from a file.
template <class T, class From>
Error trip_error(const From& value) {
    const Error error = error_of([&] { (void)Value(value).template as<T>(); });
    const Error from_file = error_of([&] { (void)through_file<T>(value); });
    EXPECT_STREQ(error.what(), from_file.what());
    return error;
}

template <class T>
std::string shown(const T& value) {
    return Value(value).str();
}

}  // namespace jl::test
