// Same value, same bytes: at any number of threads, on any way out, at any time.
#include <gtest/gtest.h>
#include <sstream>
#include <unordered_map>

#include <jl/jl.hpp>

#include "persist/support/samples.hpp"

namespace jl::test {
namespace {

TEST(Determinism, ThreadsMakeNoDifference) {
    const auto value = std::pair(numbers(1'000'000), sample(100'000));
    for (const char* codec : {"", "gzip", "zlib"}) {
        for (const int level : {1, 3}) {
            const Compress compress = *codec ? Compress(codec, level) : Compress();
            const std::string one = dumped_text(value, {.compress = compress, .n_threads = 1});
            EXPECT_TRUE(dumped_text(value, {.compress = compress, .n_threads = 2}) == one) << codec << level;
            EXPECT_TRUE(dumped_text(value, {.compress = compress, .n_threads = 4}) == one) << codec << level;
        }
    }
}

TEST(Determinism, FilesStreamsAndSinksHoldTheSameBytes) {
    const TempDir dir;
    for (const char* name : {"x.pkl", "x.pkl.gz", "x.pkl.z"}) {
        const std::string extension = std::filesystem::path(name).extension().string();
        const Compress compress = extension == ".gz"  ? Compress("gzip")
                                  : extension == ".z" ? Compress("zlib")
                                                      : Compress();
        dump(sample(200'000), dir / name);
        std::ostringstream stream;
        dump(sample(200'000), stream, {.compress = compress});
        EXPECT_TRUE(read_file(dir / name) == stream.str()) << name;
        EXPECT_TRUE(read_file(dir / name) == dumped_text(sample(200'000), {.compress = compress})) << name;
    }
}

TEST(Determinism, TheOrderOfHashTablesDoesNotShow) {
    std::unordered_map<std::string, int> a, b;
    b.reserve(10'000);
    for (int i = 0; i < 1'000; ++i) a[std::to_string(i)] = i, b[std::to_string(999 - i)] = 999 - i;
    EXPECT_TRUE(dumped_text(a) == dumped_text(b));
}

TEST(Determinism, WhatIsLoadedIsWrittenAsItWas) {
    for (const Value& value :
         {Value(sample()), Value(5), Value(std::string("x")), Value::list({1, Value::dict({{"a", numbers(5)}})})}) {
        const std::string first = dumped_text(value);
        EXPECT_TRUE(dumped_text(load(bytes_of(first))) == first) << value;
    }
}

}  // namespace
}  // namespace jl::test
