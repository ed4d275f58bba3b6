#if defined(JL_HAS_XXHASH)  // keys need it
// Every bit and every length of the files of an entry: the right value, or a warning and the right value computed anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <jl/jl.hpp>

#include "memory/support/fast_dir.hpp"
#include "memory/support/quiet.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using ::testing::HasSubstr;
using Result = std::pair<std::string, std::vector<double>>;

class CacheDamage : public ::testing::Test {
  protected:
    static Result expected() { return {"name", {1.5, 2.5}}; }
    // Each way to damage the file, one at a time.
    template <class Check>
    void with_each_damage(const std::string& path, Check check) {
        const std::string whole = read_file(path);
        ASSERT_FALSE(whole.empty());
        for (std::size_t length = 0; length < whole.size(); ++length) {
            write_file(path, whole.substr(0, length));
            check("cut at " + std::to_string(length), false);
        }
        for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
            std::string flipped = whole;
            flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
            write_file(path, flipped);
            check("bit " + std::to_string(bit), true);
        }
        write_file(path, whole + "x");
        check("longer", false);
    }
    std::string file(const EntryId& id, const std::string& name) const {
        return mem.store()->place_of(id) + "/" + name;
    }

    FastDir dir;
    Heard heard;
    Memory mem{dir.path(), heard.options({.verbose = 0})};
    int calls = 0;
};

TEST_F(CacheDamage, OfAnOutputIsComputedAnewWithAWarning) {
    auto f = mem.cache("f", [&](int) { return ++calls, expected(); });
    f(1);
    const std::string path = file(f.entry(1), "output.pkl");
    with_each_damage(path, [&](const std::string& damage, bool) {
        const int before = calls;
        heard.forget();
        EXPECT_EQ(f(1), expected()) << damage;
        if (calls != before)
            EXPECT_THAT(heard.warnings(), HasSubstr("Exception while loading results for f(1)")) << damage;
        else
            EXPECT_EQ(heard.warnings(), "") << damage;
    });
    EXPECT_GT(calls, 1'000);
}

TEST_F(CacheDamage, OfMetadataIsNoDamageOfTheResult) {
    auto f = mem.cache("f", [&](int) { return ++calls, expected(); });
    f(1);
    with_each_damage(file(f.entry(1), "metadata.json"), [&](const std::string& damage, bool) {
        EXPECT_EQ(f(1), expected()) << damage;
        EXPECT_TRUE(f.check_call_in_cache(1)) << damage;
    });
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(heard.text(), "");
}

TEST_F(CacheDamage, OfMetadataMakesNoResultValidThatIsNot) {
    auto f = mem.cache("f", [&](int) { return ++calls, expected(); },
                       {.cache_validation_callback = expires_after(std::chrono::microseconds(0))});
    f(1);
    with_each_damage(file(f.entry(1), "metadata.json"), [&](const std::string& damage, bool is_flip) {
        // A flipped digit of the time may lie in the future.
        const int before = calls;
        EXPECT_EQ(f(1), expected()) << damage;
        EXPECT_TRUE(is_flip || calls == before + 1) << damage;
    });
}

TEST_F(CacheDamage, OfCountsIsNoDamageOfEntries) {
    const Memory limited(dir.path(), heard.options({.verbose = 0, .items_limit = 5}));
    auto f = limited.cache("f", [&](int x) { return ++calls, x; });
    for (int x = 0; x < 3; ++x) f(x);
    int next = 3;
    with_each_damage(dir / "joblib/.jl/usage", [&](const std::string& damage, bool) {
        EXPECT_EQ(f(next % 8), next % 8) << damage;
        ++next;
        EXPECT_LE(limited.entries().size(), 8U) << damage;
    });
    EXPECT_EQ(heard.text(), "");
}

TEST_F(CacheDamage, OfANameOrALockOrAPinKeepsNobodyFromComputing) {
    auto f = mem.cache("Named::f", [&](int) { return ++calls, expected(); });
    f(1);
    const EntryId id = f.entry(1);
    const std::string folder = mem.store()->place_of({id.function, ""});
    with_each_damage(folder + "/.name", [&](const std::string& damage, bool) {
        EXPECT_EQ(f(1), expected()) << damage;
        ASSERT_EQ(mem.entries().size(), 1U) << damage;
        EXPECT_EQ(mem.entries()[0].id.arguments, id.arguments);
    });
    EXPECT_EQ(calls, 1);
    write_file(dir / ("joblib/.jl/locks/" + id.arguments + "-" + folder.substr(folder.rfind('/') + 1)), "anything");
    write_file(file(id, ".pinned"), "anything");
    EXPECT_EQ(f.call(1).output, expected());
    EXPECT_EQ(heard.text(), "");
}

}  // namespace
}  // namespace jl::test

#endif
