// What goes wrong leaves the old file, and says which file, where, what was claimed and what is there.
#include <chrono>
#include <csignal>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <jl/jl.hpp>

#include "persist/support/samples.hpp"
#include "support/error.hpp"
#include "support/random.hpp"

namespace jl::test {

struct Bomb {
    std::vector<double> xs = numbers(200'000);
};

}  // namespace jl::test

template <>
struct jl::Mapping<jl::test::Bomb> {
    static void emit(Emitter& out, const test::Bomb& bomb) {
        out.begin(Container::list, 2);
        jl::emit(out, bomb.xs);
        throw std::runtime_error("the value broke");
    }
};

namespace jl::test {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Errors, AValueThatThrowsWhileItIsWrittenLeavesTheOldFile) {
    const TempDir dir;
    for (const char* name : {"x.pkl", "x.pkl.gz"}) {
        dump(5, dir / name);
        EXPECT_THROW(dump(Bomb(), dir / name), std::runtime_error);
        EXPECT_THROW(dump(std::map<std::string, Bomb>{{"a", {}}}, dir / name), std::runtime_error);
        EXPECT_EQ(load<int>(dir / name), 5);
    }
    EXPECT_THAT(dir.names(), ElementsAre("x.pkl", "x.pkl.gz"));
}

TEST(Errors, AFullDiskLeavesTheOldFile) {
    const TempDir dir;
    for (const char* name : {"x.pkl", "x.pkl.gz"}) {
        dump(5, dir / name);
        const pid_t child = ::fork();
        if (child == 0) {
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{100'000, 100'000};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            const Error error = error_of([&] { dump(numbers(2'000'000), dir / name); });
            const bool named =
                error.code() == ErrorCode::io && std::string(error.what()).find(name) != std::string::npos;
            ::_exit(named ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        EXPECT_EQ(load<int>(dir / name), 5);
    }
    EXPECT_THAT(dir.names(), ElementsAre("x.pkl", "x.pkl.gz"));
}

TEST(Errors, TargetsThatCannotBeWrittenAreNamed) {
    const TempDir dir;
    const Error nowhere = error_of([&] { dump(5, dir / "no/such/folder/x.pkl"); });
    EXPECT_EQ(nowhere.code(), ErrorCode::io);
    EXPECT_THAT(nowhere.what(), HasSubstr("no/such/folder"));
    std::filesystem::create_directory(dir / "folder");
    EXPECT_EQ(error_of([&] { dump(5, dir / "folder"); }).code(), ErrorCode::io);
    EXPECT_THAT(error_of([&] { (void)load(dir / "folder"); }).code(), AnyOf(ErrorCode::io, ErrorCode::unsupported));
    EXPECT_THAT(dir.names(), ElementsAre("folder"));
}

TEST(Errors, SayFileByteClaimAndTruth) {
    const TempDir dir;
    dump(std::map<std::string, std::vector<double>>{{"weights", numbers(1'000)}}, dir / "model.pkl");
    std::string bytes = read_file(dir / "model.pkl");
    write_file(dir / "cut.pkl", bytes.substr(0, 1'000));
    const Error cut = error_of([&] { (void)load(dir / "cut.pkl"); });
    EXPECT_EQ(cut.code(), ErrorCode::truncated);
    EXPECT_THAT(cut.what(), AllOf(HasSubstr("cut.pkl: at byte "), HasSubstr("8000 bytes"), HasSubstr("remain")));

    const std::uint64_t offset = File(dir / "model.pkl").find("weights").offset;
    bytes[offset + 100] = static_cast<char>(bytes[offset + 100] ^ 1);
    write_file(dir / "bad.pkl", bytes);
    const Error bad = error_of([&] { (void)load(dir / "bad.pkl"); });
    EXPECT_EQ(bad.code(), ErrorCode::checksum);
    EXPECT_EQ(bad.file(), dir / "bad.pkl");
    EXPECT_EQ(bad.offset(), offset);
    EXPECT_THAT(bad.what(), HasSubstr("'/weights'"));

    const Error type = error_of([&] { (void)load<std::map<std::string, std::string>>(dir / "model.pkl"); });
    EXPECT_EQ(type.code(), ErrorCode::type);
    EXPECT_EQ(type.path(), "/weights");
    EXPECT_THAT(type.what(), AllOf(HasSubstr("model.pkl"), HasSubstr("a str is needed"), HasSubstr("array")));
}

TEST(Errors, OfCompressedFilesNameThemToo) {
    const TempDir dir;
    dump(sample(), dir / "x.pkl.gz");
    const std::string bytes = read_file(dir / "x.pkl.gz");
    write_file(dir / "cut.pkl.gz", bytes.substr(0, bytes.size() - 3));
    const Error cut = error_of([&] { (void)load(dir / "cut.pkl.gz"); });
    EXPECT_EQ(cut.code(), ErrorCode::truncated);
    EXPECT_EQ(cut.file(), dir / "cut.pkl.gz");
    write_file(dir / "more.pkl.gz", bytes + "rubbish");
    EXPECT_EQ(error_of([&] { (void)load(dir / "more.pkl.gz"); }).code(), ErrorCode::format);
}

TEST(Errors, OtherFilesAreRefused) {
    const TempDir dir;
    for (const char* content : {"", "hello world", "PK\x03\x04", "\x93NUMPY", "{\"json\": 1}", "\x80"}) {
        write_file(dir / "x", content);
        EXPECT_THROW((void)load(dir / "x"), Error) << content;
        EXPECT_FALSE(verify(dir / "x").ok()) << content;
    }
}

// A dump that is killed at any moment leaves the old file or the new one.
TEST(Errors, AKilledDumpLeavesOldOrNew) {
    const TempDir dir;
    Random random;
    SCOPED_TRACE(random.seed_text());
    const std::vector<double> old_value = numbers(1'000), new_value = numbers(300'000);
    for (int round = 0; round < 20; ++round) {
        const std::string path = dir / (round % 2 == 0 ? "x.pkl" : "x.pkl.gz");
        dump(old_value, path);
        const pid_t child = ::fork();
        if (child == 0) {
            for (;;) dump(new_value, path, {.n_threads = 1});
        }
        std::this_thread::sleep_for(std::chrono::microseconds(random.below(20'000)));
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        const auto found = load<std::vector<double>>(path);
        EXPECT_TRUE(found == old_value || found == new_value);
        EXPECT_TRUE(verify(path).ok());
    }
}

}  // namespace
}  // namespace jl::test
