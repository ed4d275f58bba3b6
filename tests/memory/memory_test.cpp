#if defined(JL_HAS_XXHASH)  // keys need it
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <jl/jl.hpp>
#include <jl/memory.hpp>
#include <jl/xtensor.hpp>

#include "memory/support/quiet.hpp"
#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using Array2 = xt::xarray<double>;

int calls = 0;
double root(double x) { return ++calls, std::sqrt(x); }
std::string join(const std::string& a, const std::string& b) { return a + b; }

struct Scale {
    double factor;
    double apply(double x) const { return ++calls, factor * x; }
    double operator()(double x) const { return apply(x); }
};

class Memories : public ::testing::Test {
  protected:
    void SetUp() override { calls = 0; }
    TempDir dir;
    Heard heard;
    Memory mem{dir.path(), heard.options({.verbose = 0})};
};

TEST_F(Memories, ASecondCallWithEqualArgumentsIsNotComputed) {
    auto f = mem.cache("root", root);
    EXPECT_EQ(f(16), 4);
    EXPECT_EQ(f(16), 4);
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(f(25), 5);
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(mem.statistics().hits, 1U);
    EXPECT_EQ(mem.statistics().misses, 2U);
}

TEST_F(Memories, AnotherProcessWouldFindTheResultToo) {
    mem.cache("root", root)(16);
    const Memory again(dir.path(), heard.options({.verbose = 0}));
    EXPECT_EQ(again.cache("root", &root)(16), 4);
    EXPECT_EQ(calls, 1);
}

TEST_F(Memories, TheFragmentsOfTheDocumentationRun) {
    auto square = mem.cache("square", [](const Array2& a) -> Array2 { return ++calls, a * a; });
    const Array2 a = {{1, 2}, {3, 4}};
    const Array2 b = square(a);
    const Array2 c = square(a);
    EXPECT_EQ(b, a * a);
    EXPECT_EQ(c, b);
    EXPECT_EQ(calls, 1);

    const auto extract = [](const Array2& image, int size, bool debug) {
        ++calls;
        return debug ? -1.0 : image(0, 0) * size;
    };
    auto f = mem.cache("features", extract,
                       {.version = 3,
                        .arg_names = {"image", "size", "debug"},
                        .ignore = {"debug"},
                        .cache_validation_callback = expires_after(std::chrono::hours(24))});
    EXPECT_FALSE(f.check_call_in_cache(a, 128, false));
    auto ref = f.call_and_shelve(a, 128, false);
    EXPECT_EQ(ref.get(), 128);
    EXPECT_EQ(f(a, 128, true), 128);
    EXPECT_TRUE(f.check_call_in_cache(a, 128, false));
    EXPECT_EQ(calls, 2);
    f.clear();
    EXPECT_FALSE(f.check_call_in_cache(a, 128, false));
    mem.reduce_size({.bytes_limit = "10G", .items_limit = 1000, .age_limit = std::chrono::days(30)});
}

TEST_F(Memories, OneValueHasOneKeyHoweverItIsWritten) {
    auto sum = mem.cache("sum", [](const Array2& a) { return ++calls, xt::sum(a)(); });
    Array2 a = {1, 2, 3};
    const xt::xarray<double, xt::layout_type::column_major> turned = a;
    EXPECT_EQ(sum(a), 6);
    EXPECT_EQ(sum(Array2{1, 2, 3}), 6);
    EXPECT_EQ(sum(std::as_const(a)), 6);
    EXPECT_EQ(sum(a + 0.0), 6);
    EXPECT_EQ(sum(turned), 6);
    EXPECT_EQ(calls, 1);

    auto length = mem.cache("length", [](const std::string& text) { return ++calls, text.size(); });
    EXPECT_EQ(length("abc"), 3U);
    EXPECT_EQ(length(std::string_view("abc").data()), 3U);
    EXPECT_EQ(length(std::string("abc")), 3U);
    EXPECT_EQ(calls, 2);

    auto half = mem.cache("half", [](double x) { return ++calls, x / 2; });
    EXPECT_EQ(half(3), half(3.0));
    EXPECT_EQ(half(3U), half(3.0F));
    EXPECT_EQ(calls, 3);
}

TEST_F(Memories, VersionsLiveSideBySide) {
    auto one = mem.cache("f", [](int x) { return ++calls, x + 1; }, {.version = 1});
    auto two = mem.cache("f", [](int x) { return ++calls, x + 2; }, {.version = "2"});
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(one(1), 2);
        EXPECT_EQ(two(1), 3);
    }
    EXPECT_EQ(calls, 2);
}

TEST_F(Memories, TypesOfOneNameAreToldApart) {
    EXPECT_EQ(mem.cache("f", [](int x) { return x; })(7), 7);
    EXPECT_EQ(mem.cache("f", [](int x) { return std::to_string(x); })(7), "7");
    EXPECT_EQ(mem.cache("f", [](double x) { return x / 2; })(7), 3.5);
}

TEST_F(Memories, TakesAnythingThatCanBeCalled) {
    EXPECT_EQ(mem.cache("root", root)(4), 2);
    EXPECT_EQ(mem.cache("root", &root)(4), 2);
    EXPECT_EQ(mem.cache("std", std::function<double(double)>(root))(9), 3);
    EXPECT_EQ(mem.cache("member", &Scale::apply)(Scale{2}, 3), 6);
    EXPECT_EQ(mem.cache<double(double)>("generic", [](auto x) { return x + 1; })(3), 4);
    EXPECT_EQ(mem.eval("join", join, "a", "b"), "ab");
    EXPECT_EQ(JL_CACHE(mem, join)("a", "c"), "ac");
    EXPECT_EQ(JL_CACHE(mem, join, {.version = 2, .arg_names = {"a", "b"}}).name(), "join");
    auto moved = mem.cache("moved", [](std::unique_ptr<int> x) { return *x; });
    EXPECT_EQ(moved(std::make_unique<int>(7)), 7);
    EXPECT_EQ(moved(std::make_unique<int>(7)), 7);
    EXPECT_EQ(mem.cache("nothing", [] { return 3; })(), 3);
}

TEST_F(Memories, TheObjectOfAMemberIsPartOfTheKey) {
    auto twice = mem.cache("apply", Scale{2}, &Scale::apply);
    auto thrice = mem.cache("apply", Scale{3}, &Scale::apply);
    EXPECT_EQ(twice(5), 10);
    EXPECT_EQ(thrice(5), 15);
    EXPECT_EQ(mem.cache("apply", Scale{2}, &Scale::apply)(5), 10);
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(mem.cache("call", Scale{2})(5), 10);
    EXPECT_EQ(mem.cache("call", Scale{3})(5), 15);
}

TEST_F(Memories, DefaultsMayBeLeftOut) {
    auto f = mem.cache("f", [](int a, int b = 2) { return ++calls, a * b; });
    EXPECT_EQ(f(3), 6);
    EXPECT_EQ(f(3), 6);
    EXPECT_EQ(f(3, 5), 15);
    EXPECT_EQ(calls, 2);
}

TEST_F(Memories, IgnoredArgumentsMayBeOfAnyType) {
    std::ostringstream log;
    auto f = mem.cache("f",
                       [](int x, std::ostream& out, void* context) {
                           out << "called ";
                           return context == nullptr ? x : -x;
                       },
                       {.arg_names = {"x", "log", "context"}, .ignore = {"log", "context"}});
    EXPECT_EQ(f(1, log, nullptr), 1);
    EXPECT_EQ(f(1, log, &log), 1);
    EXPECT_EQ(log.str(), "called ");
}

TEST_F(Memories, OptionsThatDoNotFitAreRefusedInJoblibsWords) {
    EXPECT_STREQ(error_of([&] { mem.cache("f", root, {.arg_names = {"x"}, .ignore = {"y"}}); }).what(),
                 "Ignore list: argument 'y' is not defined for function f(x)");
    EXPECT_STREQ(error_of([&] { mem.cache("join", join, {.ignore = {"arg2"}}); }).what(),
                 "Ignore list: argument 'arg2' is not defined for function join(arg0, arg1)");
    EXPECT_EQ(error_of([&] { mem.cache("f", root, {.arg_names = {"x", "y"}}); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { mem.cache("", root); }).code(), ErrorCode::usage);
    EXPECT_THAT(error_of([&] { mem.cache("f", [](int& x) { return ++x; }); }).what(),
                ::testing::HasSubstr("argument 'arg0' of f(arg0) is a reference that the function may write through"));
    EXPECT_THAT(error_of([&] { mem.cache("f", [](void* x) { return x == nullptr; }); }).what(),
                ::testing::HasSubstr("has a type that jl cannot hash"));
    EXPECT_EQ(error_of([&] { Memory("/tmp", {.backend = "nope"}); }).what(),
              std::string("Unknown location /tmp or backend nope"));
}

TEST_F(Memories, CallsAreForcedAndTimed) {
    auto f = mem.cache("root", root);
    EXPECT_FALSE(f.timed(4).hit);
    EXPECT_TRUE(f.timed(4).hit);
    const auto [output, metadata] = f.call(4);
    EXPECT_EQ(output, 2);
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(metadata.function, "root");
    EXPECT_THAT(metadata.input_args, ::testing::ElementsAre(std::pair(std::string("arg0"), std::string("4.0"))));
    EXPECT_GT(metadata.output_bytes, 0U);
    EXPECT_LT(std::chrono::system_clock::now() - metadata.time, std::chrono::hours(1));
}

TEST_F(Memories, ExceptionsComeThroughAndAreNotKept) {
    auto f = mem.cache("f", [](int x) {
        if (++calls == 1) throw std::runtime_error("first");
        return x;
    });
    EXPECT_THROW(f(1), std::runtime_error);
    EXPECT_FALSE(f.check_call_in_cache(1));
    EXPECT_EQ(f(1), 1);
    EXPECT_EQ(calls, 2);
}

TEST_F(Memories, AResultIsUsedOnlyWhileItsValidationAgrees) {
    bool valid = true;
    auto f = mem.cache("root", root, {.cache_validation_callback = [&](const CallMetadata& call) {
                           EXPECT_EQ(call.function, "root");
                           return valid;
                       }});
    f(4), f(4);
    EXPECT_EQ(calls, 1);
    valid = false;
    EXPECT_FALSE(f.check_call_in_cache(4));
    f(4);
    EXPECT_EQ(calls, 2);
    auto soon = mem.cache("root", root, {.cache_validation_callback = expires_after(std::chrono::microseconds(0))});
    soon(4);
    EXPECT_EQ(calls, 3);
}

TEST_F(Memories, WithoutALocationFunctionsAreCalledAsTheyAre) {
    for (const Memory& none : {Memory(), Memory(std::nullopt, heard.options())}) {
        calls = 0;
        auto f = none.cache("root", root);
        EXPECT_EQ(f(4), 2);
        EXPECT_EQ(f(4), 2);
        EXPECT_EQ(calls, 2);
        EXPECT_FALSE(f.check_call_in_cache(4));
        EXPECT_EQ(f.call_and_shelve(4).get(), 2);
        EXPECT_EQ(f.call(4).output, 2);
        f.clear();
        none.clear();
        EXPECT_EQ(none.reduce_size({.items_limit = 0}), 0U);
        EXPECT_EQ(none.store(), nullptr);
        EXPECT_EQ(error_of([&] { f.insert(3.0, 9.0); }).code(), ErrorCode::usage);
    }
    EXPECT_EQ(heard.text(), "");
}

TEST_F(Memories, SingleEntriesAreInsertedRemovedAndPinned) {
    auto f = mem.cache("root", root);
    f.insert(10.0, 100.0);
    EXPECT_EQ(f(100), 10);
    EXPECT_EQ(calls, 0);
    EXPECT_TRUE(f.remove(100));
    EXPECT_FALSE(f.remove(100));
    EXPECT_FALSE(f.pin(100));
    f(4), f(9), f(16);
    EXPECT_TRUE(f.pin(9));
    EXPECT_EQ(mem.entries().size(), 3U);
    EXPECT_EQ(mem.reduce_size({.items_limit = 0}), 2U);
    EXPECT_TRUE(f.check_call_in_cache(9));
    EXPECT_TRUE(f.unpin(9));
    EXPECT_EQ(mem.entries().at(0).id, f.entry(9));
    EXPECT_FALSE(mem.entries().at(0).pinned);
    EXPECT_TRUE(mem.remove(f.entry(9)));
    EXPECT_TRUE(mem.entries().empty());
}

TEST_F(Memories, ResultsAreMappedOnTheFirstCallAndLater) {
    const Memory mapped(dir.path(), heard.options({.verbose = 0, .mmap_mode = MmapMode::r}));
    auto f = mapped.cache("ones", [](std::size_t n) { return jl::xarray<double>(xt::ones<double>({n})); });
    EXPECT_EQ(xt::sum(f(100'000))(), 100'000);
    EXPECT_EQ(xt::sum(f(100'000))(), 100'000);
    auto ref = f.call_and_shelve(100'000);
    const auto array = ref.get();
    EXPECT_TRUE(f.remove(100'000));
    EXPECT_EQ(xt::sum(array)(), 100'000);  // the map keeps the file
    EXPECT_THAT(read_file("/proc/self/maps"), ::testing::HasSubstr("output.pkl"));
}

}  // namespace
}  // namespace jl::test

#endif
