// 2 GiB through each store and from a web server, in bounded memory; the peak is printed. Run by scripts/long.
#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <iostream>
#include <string>
#include <vector>

#include <jl/url.hpp>

#include "remote/support/stores.hpp"
#include "remote/support/web_server.hpp"

namespace jl {
namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 20;
constexpr std::uint64_t pieces = 2048;

void fill(std::vector<std::byte>& piece, std::uint64_t number) {
    std::uint64_t noise = number + 1;
    for (std::byte& byte : piece) {
        noise = noise * 6364136223846793005U + 1442695040888963407U;
        byte = static_cast<std::byte>(noise >> 56);
    }
}

void forget_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

std::uint64_t peak_kibibytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6));
    return 0;
}

template <class Write>
void write_all(Write write) {
    std::vector<std::byte> piece(piece_bytes);
    for (std::uint64_t i = 0; i < pieces; ++i) {
        fill(piece, i);
        write(piece);
    }
}

void expect_all(Source& in) {
    std::vector<std::byte> piece(piece_bytes), expected(piece_bytes);
    for (std::uint64_t i = 0; i < pieces; ++i) {
        for (std::size_t got = 0; got < piece.size();) {
            const std::size_t count = in.read(std::span(piece).subspan(got));
            ASSERT_GT(count, 0U) << i;
            got += count;
        }
        fill(expected, i);
        ASSERT_TRUE(piece == expected) << i;
    }
    EXPECT_EQ(in.read(piece), 0U);
}

void expect_bounded(const std::string& what) {
    std::cout << what << ": peak of " << peak_kibibytes() / 1024 << " MiB\n";
    EXPECT_LT(peak_kibibytes(), std::uint64_t{64} << 10) << what;
}

class LongStores : public testing::TestWithParam<std::string> {
  protected:
    static void TearDownTestSuite() { test::stop_stores(); }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LongStores);
INSTANTIATE_TEST_SUITE_P(, LongStores, testing::ValuesIn(test::store_names()),
                         [](const auto& each) { return each.param; });

TEST_P(LongStores, TwoGibibytesGoThereAndComeBackInBoundedMemory) {
    const std::string url = test::store_named(GetParam()).url("long");
    forget_peak();
    const auto sink = create_url(url);
    write_all([&](std::span<const std::byte> piece) { sink->write(piece); });
    sink->commit();
    expect_bounded(GetParam() + ", written");
    forget_peak();
    expect_all(*stream_url(url));
    expect_bounded(GetParam() + ", read");
}

#ifdef JL_HAS_CURL

TEST(LongHttp, TwoGibibytesComeInBoundedMemory) {
    const test::WebServer web;
    {
        std::ofstream out(web / "long", std::ios::binary);
        write_all([&](std::span<const std::byte> piece) {
            out.write(reinterpret_cast<const char*>(piece.data()), static_cast<std::streamsize>(piece.size()));
        });
    }
    forget_peak();
    expect_all(*stream_url(web.url("long")));
    expect_bounded("http, in order");
    forget_peak();
    const auto source = open_url(web.url("long"));
    SequentialSource ranges(*source, 0, source->size());
    expect_all(ranges);
    expect_bounded("http, by range");
}

#endif

}  // namespace
}  // namespace jl
