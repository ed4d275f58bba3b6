#if defined(JL_HAS_XXHASH)  // keys need it
// A store that fails costs a warning, never a result.
#include <csignal>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jl/jl.hpp>

#include "memory/support/quiet.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using ::testing::HasSubstr;

class CacheFaults : public ::testing::Test {
  protected:
    std::string output_path(const EntryId& id) const { return mem.store()->place_of(id) + "/output.pkl"; }
    TempDir dir;
    Heard heard;
    Memory mem{dir.path(), heard.options({.verbose = 0})};
    int calls = 0;
};

TEST_F(CacheFaults, ALocationThatCannotBeMadeCostsOneWarning) {
    write_file(dir / "file", "");
    const Memory bad(dir / "file", heard.options({.verbose = 0}));
    auto f = bad.cache("f", [&](int x) { return ++calls, x; });
    for (int i = 0; i < 3; ++i) EXPECT_EQ(f(i), i);
    EXPECT_EQ(f(0), 0);
    EXPECT_EQ(calls, 4);
    const std::string said = heard.warnings();
    EXPECT_THAT(said, ::testing::StartsWith("Unable to cache to disk. Exception: " + dir.path() + "/file"));
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1);
    EXPECT_EQ(bad.statistics().failures, 4U);
    EXPECT_FALSE(f.check_call_in_cache(0));
    EXPECT_EQ(f.call_and_shelve(7).get(), 7);  // holds the value
}

// Nothing is written through it.
TEST_F(CacheFaults, WhatIsNoFileInThePlaceOfOneIsReplaced) {
    auto f = mem.cache("f", [&](int x) { return ++calls, x; });
    f(1);
    write_file(dir / "victim", "mine");
    for (const char* const name : {"/output.pkl", "/metadata.json"}) {
        const std::string path = mem.store()->place_of(f.entry(1)) + name;
        std::filesystem::remove(path);
        std::filesystem::create_symlink(dir / "victim", path);
        EXPECT_EQ(f.call(1).output, 1);
        EXPECT_TRUE(std::filesystem::is_regular_file(std::filesystem::symlink_status(path)));
        std::filesystem::remove(path);
        ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
        EXPECT_EQ(f.call(1).output, 1);
        EXPECT_EQ(f(1), 1);
    }
    const Memory limited(dir.path(), heard.options({.verbose = 0, .items_limit = 2}));
    const std::string usage = dir / "joblib/.jl/usage";
    std::filesystem::remove(usage);
    std::filesystem::create_symlink(dir / "victim", usage);
    EXPECT_EQ(limited.cache("g", [](int x) { return x; })(1), 1);
    std::filesystem::remove(usage);
    ASSERT_EQ(::mkfifo(usage.c_str(), 0600), 0);
    EXPECT_EQ(limited.cache("g", [](int x) { return x; })(2), 2);
    EXPECT_EQ(read_file(dir / "victim"), "mine");
}

// A write that fails in the middle, in a process of its own.
TEST_F(CacheFaults, AFileThatCannotGrowCostsAWarningAndLeavesNothing) {
    const pid_t child = ::fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{20'000, 20'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        auto f = mem.cache("f", [&](int x) { return ++calls, std::vector<double>(50'000, x); });
        const bool right = f(1) == std::vector<double>(50'000, 1) && f(1).size() == 50'000 && calls == 2;
        const bool warned = heard.warnings().find("File too large") != std::string::npos;
        ::_exit(right && warned && !f.check_call_in_cache(1) ? 0 : 1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    for (const auto& each : std::filesystem::recursive_directory_iterator(dir / "joblib/f"))
        EXPECT_TRUE(each.is_directory()) << each.path();
}

TEST_F(CacheFaults, WhatStandsInThePlaceOfAnEntryDoesNotKeepCallsWaiting) {
    auto f = mem.cache("f", [&](int x) { return ++calls, x; });
    f(1);
    for (const char* const name : {"/output.pkl", "/metadata.json"}) {
        const std::string path = mem.store()->place_of(f.entry(1)) + name;
        std::filesystem::remove(path);
        std::filesystem::create_directory(path);
        EXPECT_EQ(f(1), 1);
        std::filesystem::remove(path);
        EXPECT_EQ(f(1), 1);
    }
    const std::string metadata = mem.store()->place_of(f.entry(1)) + "/metadata.json";
    std::filesystem::remove(metadata);
    ASSERT_EQ(::mkfifo(metadata.c_str(), 0600), 0);
    EXPECT_EQ(f(1), 1);
    EXPECT_THAT(heard.warnings(), HasSubstr("is not a regular file"));
}

TEST_F(CacheFaults, ADamagedEntryIsComputedAnewAndMended) {
    auto f = mem.cache("f", [&](int x) { return ++calls, std::vector<double>(1'000, x); });
    f(1);
    const std::string path = output_path(f.entry(1));
    const std::string whole = read_file(path);
    const std::vector<std::string> damaged{"", "garbage", whole.substr(0, whole.size() / 2),
                                           whole.substr(0, 300) + '?' + whole.substr(301)};
    for (const std::string& bytes : damaged) {
        heard.forget();
        write_file(path, bytes);
        EXPECT_EQ(f(1), std::vector<double>(1'000, 1));
        EXPECT_THAT(heard.warnings(), HasSubstr("Exception while loading results for f(1)\n " + path)) << bytes.size();
        heard.forget();
        EXPECT_EQ(f(1), std::vector<double>(1'000, 1));
        EXPECT_EQ(heard.warnings(), "");
    }
    EXPECT_EQ(calls, 5);
}

TEST_F(CacheFaults, AResultOfAnotherTypeIsComputedAnew) {
    auto f = mem.cache("f", [](int x) { return std::to_string(x); });
    f(1);
    jl::dump(std::vector<int>{1}, output_path(f.entry(1)));
    EXPECT_EQ(f(1), "1");
    EXPECT_THAT(heard.warnings(), HasSubstr("Exception while loading results"));
}

TEST_F(CacheFaults, LostMetadataIsNoLoss) {
    auto f = mem.cache("f", [&](int x) { return ++calls, x; });
    f(1);
    const std::string metadata = mem.store()->place_of(f.entry(1)) + "/metadata.json";
    for (const char* const text : {"", "{", "\xFF"}) {
        write_file(metadata, text);
        EXPECT_EQ(f(1), 1);
    }
    std::filesystem::remove(metadata);
    EXPECT_EQ(f(1), 1);
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(mem.entries().size(), 1U);
    EXPECT_EQ(heard.text(), "");
}

TEST_F(CacheFaults, AShelvedResultThatIsGoneOrDamagedIsAnError) {
    auto f = mem.cache("f", [](int x) { return x; });
    auto ref = f.call_and_shelve(1);
    EXPECT_GT(ref.duration(), 0);
    write_file(output_path(ref.id()), "garbage");
    const auto message = [&] {
        try {
            ref.get();
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    EXPECT_THAT(message(),
                HasSubstr("Error while trying to load a MemorizedResult's value. It seems that this folder is "
                          "corrupted : " +
                          mem.store()->place_of(ref.id())));
    ref.clear();
    EXPECT_EQ(message(),
              "Non-existing item (may have been cleared).\nFile " + output_path(ref.id()) + " does not exist");
    EXPECT_EQ(ref.duration(), 0);
    EXPECT_THROW(MemorizedResult<int>().get(), Error);
}

TEST_F(CacheFaults, AReferenceIsPassedAroundInAFile) {
    auto f = mem.cache("f", [](int x) { return std::vector<int>(3, x); });
    jl::dump(f.call_and_shelve(7), dir / "ref.pkl");
    auto again = jl::load<MemorizedResult<std::vector<int>>>(dir / "ref.pkl");
    EXPECT_EQ(again.get(), (std::vector<int>{7, 7, 7}));
    jl::dump(Memory().cache("f", [](int x) { return std::vector<int>(3, x); }).call_and_shelve(8), dir / "held.pkl");
    EXPECT_EQ(jl::load<MemorizedResult<std::vector<int>>>(dir / "held.pkl").get(), (std::vector<int>{8, 8, 8}));
    const Memory mapped(dir.path(), heard.options({.verbose = 0, .mmap_mode = MmapMode::r_plus}));
    auto g = mapped.cache("g", [](int x) { return x; });
    jl::dump(std::vector{g.call_and_shelve(1), g.call_and_shelve(2)}, dir / "refs.pkl");
    EXPECT_EQ(jl::load<std::vector<MemorizedResult<int>>>(dir / "refs.pkl").at(1).get(), 2);
}

TEST_F(CacheFaults, ACacheThatVanishesIsMadeAnew) {
    auto f = mem.cache("f", [&](int x) { return ++calls, x; });
    f(1);
    std::filesystem::remove_all(dir / "joblib");
    EXPECT_EQ(f(1), 1);
    EXPECT_EQ(f(1), 1);
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(heard.text(), "");
}

TEST_F(CacheFaults, TheFolderIsKeptOutOfRepositories) {
    EXPECT_TRUE(dir.names().empty());  // nothing is made before it is needed
    mem.cache("f", [](int x) { return x; })(1);
    EXPECT_EQ(read_file(dir / ".gitignore"), "# Created by jl automatically.\n*\n");
    TempDir other;
    write_file(other / ".gitignore", "mine");
    Memory(other.path(), heard.options({.verbose = 0})).cache("f", [](int x) { return x; })(1);
    EXPECT_EQ(read_file(other / ".gitignore"), "mine");
}

}  // namespace
}  // namespace jl::test

#endif
