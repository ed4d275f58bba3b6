#if defined(JL_HAS_XXHASH)  // keys need it
// joblib's messages to the letter: what it prints for the same calls, but for names of functions and folders.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

#include "memory/support/quiet.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

const std::string line(80, '_');
const std::string call_of_square =
    line +
    "\n[Memory] Calling square...\nsquare(array([[0., 0., 1.],\n       [1., 1., 1.],\n       [4., 2., 1.]]), 2)\n";
const std::string done = std::string(59, '_') + "square - 0.0s, 0.0min\n";
const std::string loading =
    "[Memory]0.0s, 0.0min    : Loading square(arg0=array([[0., 0., 1.],\n       [1., 1., 1.],\n       [4., 2., 1.]]), "
    "arg1=2)...\n";
const std::string hash = "HASH";

// Two equal calls, then a clear of the function and one of everything.
class Messages : public ::testing::Test {
  protected:
    std::string at(int verbose) {
        const Memory mem(dir.path(), heard.options({.verbose = verbose}));
        auto square = mem.cache("square", [](const xt::xarray<double>& a, int b) { return xt::xarray<double>(a * b); });
        const xt::xarray<double> a = {{0, 0, 1}, {1, 1, 1}, {4, 2, 1}};
        square(a, 2), square(a, 2);
        square.clear(), mem.clear();
        std::string text = std::regex_replace(heard.text(), std::regex("[0-9a-f]{32}"), hash);
        for (std::size_t found = 0; (found = text.find(dir.path())) != std::string::npos;)
            text.replace(found, dir.path().size(), "DIR");
        return text;
    }
    const std::string cleared =
        "[MemorizedFunc(func=square, location=DIR/joblib)]: Clearing function cache identified by square\n"
        "[Memory(location=DIR/joblib)]: Flushing completely the cache\n";
    TempDir dir;
    Heard heard;
};

TEST_F(Messages, OfVerbose0AreNone) { EXPECT_EQ(at(0), ""); }

TEST_F(Messages, OfVerbose1AreTheComputedCalls) { EXPECT_EQ(at(1), call_of_square + done + cleared); }

TEST_F(Messages, OfVerbose2AreTheLoadedOnesToo) { EXPECT_EQ(at(2), call_of_square + done + loading + cleared); }

TEST_F(Messages, OfVerbose5TellHowLongLoadingTook) {
    EXPECT_EQ(at(5), call_of_square + done + loading + std::string(46, '_') + "square cache loaded - 0.0s, 0.0min\n" +
                         cleared);
}

TEST_F(Messages, OfVerbose11TellPlaces) {
    EXPECT_EQ(
        at(11),
        "[MemorizedFunc(func=square, location=DIR/joblib)]: Computing func square, argument hash HASH in location "
        "DIR/joblib/square\n" +
            call_of_square + "Persisting in DIR/joblib/square/HASH\n" + done +
            "[Memory]0.0s, 0.0min    : Loading square from DIR/joblib/square/HASH\n" + std::string(46, '_') +
            "square cache loaded - 0.0s, 0.0min\n" + cleared);
}

TEST_F(Messages, OfVerbose20TellEveryQuestion) {
    EXPECT_THAT(
        at(20),
        ::testing::StartsWith(
            "[MemorizedFunc(func=square, location=DIR/joblib)]: \nQuerying square with signature\nsquare(array([[0., "
            "0., 1.],\n       [1., 1., 1.],\n       [4., 2., 1.]]), 2).\n\n(argument hash HASH)\n\nThe store location "
            "is "
            "DIR/joblib/square.\n\n"));
}

TEST_F(Messages, AFunctionMayHaveAVerbosityOfItsOwn) {
    const Memory mem(dir.path(), heard.options({.verbose = 0}));
    mem.cache("f", [](int x) { return x; }, {.verbose = 1})(3);
    EXPECT_EQ(heard.text(), line + "\n[Memory] Calling f...\nf(3)\n" + std::string(64, '_') + "f - 0.0s, 0.0min\n");
    heard.forget();
    mem.cache("g", [](int x) { return x; })(3);
    EXPECT_EQ(heard.text(), "");
}

TEST_F(Messages, LongArgumentsArePutOnLinesAndCut) {
    const Memory mem(dir.path(), heard.options());
    auto f =
        mem.cache("f", [](const std::string& a, const std::string& b, int c) { return a + b + std::to_string(c); });
    f(std::string(2'000, 'x'), "b", 1);
    EXPECT_THAT(heard.text(), ::testing::HasSubstr("\nf('" + std::string(699, 'x') + "..., \n'b', 1)\n"));
}

TEST_F(Messages, NamesOfNamespacesStandInTheFirstLineOnly) {
    const Memory mem(dir.path(), heard.options());
    mem.cache("acme::text.length", [](const std::string& text) { return text.size(); })("abc");
    EXPECT_THAT(heard.text(), ::testing::HasSubstr("[Memory] Calling acme::text.length...\nlength('abc')\n"));
}

TEST_F(Messages, CompressedResultsCannotBeMapped) {
    const Memory mem(dir.path(), heard.options({.verbose = 0, .compress = 3, .mmap_mode = MmapMode::r}));
    EXPECT_EQ(heard.warnings(), "Compressed results cannot be memmapped\n");
    auto f = mem.cache("f", [](double x) { return xt::xarray<double>{x, x}; });
    EXPECT_EQ(f(1), (xt::xarray<double>{1, 1}));
    EXPECT_EQ(f(1), (xt::xarray<double>{1, 1}));
    EXPECT_EQ(mem.statistics().hits, 1U);
}

TEST_F(Messages, DeletedEntriesAreToldAboveTen) {
    const Memory mem(dir.path(), heard.options({.verbose = 11}));
    auto f = mem.cache("f", [](int x) { return x; });
    f(1);
    heard.forget();
    mem.reduce_size({.items_limit = 0});
    EXPECT_EQ(heard.text(), "Deleting item " + mem.store()->place_of(f.entry(1)) + "\n");
}

TEST_F(Messages, GoToStandardOutputByDefaultAndWarningsToStandardError) {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const Memory mem(dir.path());
    mem.cache("f", [](int x) { return x; })(3);
    mem.clear();
    EXPECT_EQ(::testing::internal::GetCapturedStdout(),
              line + "\n[Memory] Calling f...\nf(3)\n" + std::string(64, '_') + "f - 0.0s, 0.0min\n");
    EXPECT_EQ(::testing::internal::GetCapturedStderr(),
              "[Memory(location=" + dir.path() + "/joblib)]: Flushing completely the cache\n");
}

}  // namespace
}  // namespace jl::test

#endif
