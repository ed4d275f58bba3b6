#if defined(JL_HAS_XXHASH)  // keys need it
// References to results, dumped and loaded; with <jl/memory.hpp> alone.
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <jl/memory.hpp>

#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class References : public ::testing::Test {
  protected:
    MemorizedResult<int> reference(const Memory& mem) const {
        return mem.cache("f", [](int x) { return x + 1; }).call_and_shelve(1);
    }
    MemorizedResult<int> again(const MemorizedResult<int>& reference) const {
        jl::dump(reference, dir / "ref.pkl");
        return jl::load<MemorizedResult<int>>(dir / "ref.pkl");
    }
    TempDir dir;
};

TEST_F(References, NameTheStoreBehindOneInMemory) {
    const Memory mem(dir / "cache", {.verbose = 0, .backend = "memory", .backend_options = {{"bytes", "1M"}}});
    EXPECT_EQ(again(reference(mem)).get(), 2);
}

TEST_F(References, NameOneFolderWhereverTheyAreRead) {
    const auto before = std::filesystem::current_path();
    std::filesystem::create_directory(dir / "elsewhere");
    std::filesystem::current_path(dir.path());
    const auto made = reference(Memory("cache", {.verbose = 0}));
    const auto loaded = again(made);
    std::filesystem::current_path(dir / "elsewhere");
    EXPECT_EQ(again(loaded).get(), 2);
    EXPECT_GE(loaded.duration(), 0);
    std::filesystem::current_path(before);
}

// A store that is reached with the password only.
TEST_F(References, KeepOptionsButNoSecrets) {
    static std::string folder, opened, option;
    folder = dir / "cache";
    register_store_backend(
        "guarded",
        [](const StoreOptions& options) {
            opened = options.location;
            option = options.backend_options.contains("shelf") ? options.backend_options.at("shelf") : "";
            if (opened.find("hunter2") == std::string::npos)
                throw Error(ErrorCode::io, "guarded: a password is needed");
            return open_store("local", {folder, {}});
        },
        Replace::yes);
    const Memory mem(
        "redis://me:hunter2@host:1/prefix?db=2",
        {.verbose = 0, .backend = "guarded", .backend_options = {{"shelf", "7"}, {"password", "hunter2"}}});
    auto loaded = again(reference(mem));
    EXPECT_THAT(read_file(dir / "ref.pkl"), Not(HasSubstr("hunter2")));
    opened.clear(), option.clear();
    EXPECT_EQ(again(loaded).id(), loaded.id());
    EXPECT_EQ(opened, "");  // loading opens nothing
    EXPECT_THAT(error_of([&] { (void)loaded.get(); }).what(), HasSubstr("a password is needed"));
    EXPECT_EQ(opened, "redis://host:1/prefix?db=2");
    EXPECT_EQ(option, "7");
    loaded.use(mem.store());
    EXPECT_EQ(loaded.get(), 2);
}

TEST_F(References, OfStoresThatAProgramDoesNotKnowCanBeLoaded) {
    const auto store = std::make_shared<detail::ReferredStore>(detail::StoreReference{"nobody's", "there", {}});
    auto loaded = again(MemorizedResult<int>(store, {"f", std::string(32, 'a')}, {}));
    EXPECT_EQ(error_of([&] { (void)loaded.get(); }).code(), ErrorCode::usage);
    loaded.use(Memory(dir / "cache", {.verbose = 0}).store());
    EXPECT_EQ(error_of([&] { (void)loaded.get(); }).code(), ErrorCode::missing);
}

}  // namespace
}  // namespace jl::test

#endif
