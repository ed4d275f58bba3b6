#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <jl/jl.hpp>
#include <jl/verify.hpp>

#include "persist/support/samples.hpp"
#include "support/error.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

TEST(Verify, SoundFilesHaveNoProblem) {
    const TempDir dir;
    for (const char* name : {"x.pkl", "x.pkl.gz", "x.pkl.z"}) {
        dump(sample(300'000), dir / name);
        for (const unsigned threads : {1U, 2U, 4U}) {
            const VerifyReport report = verify(dir / name, {.n_threads = threads});
            EXPECT_TRUE(report.ok());
            EXPECT_TRUE(report.has_checksums());
            EXPECT_FALSE(report.modified_in_place());
            EXPECT_EQ(report.arrays(), 4U);
            EXPECT_EQ(report.bytes_checked(), 300'000U * 8 + 50'003 * 4);
        }
    }
}

TEST(Verify, NamesEveryDamagedChunk) {
    const TempDir dir;
    dump(std::map<std::string, std::vector<double>>{{"a", numbers(300'000)}, {"b", numbers(400'000)}}, dir / "x.pkl");
    std::string bytes = read_file(dir / "x.pkl");
    const File file(dir / "x.pkl");
    const std::uint64_t a = file.find("a").offset, b = file.find("b").offset;
    for (const std::uint64_t at : {a, a + (1 << 20), b + (3 << 20) - 1})
        bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    write_file(dir / "bad.pkl", bytes);
    const VerifyReport report = verify(dir / "bad.pkl");
    ASSERT_EQ(report.problems().size(), 3U);
    EXPECT_EQ(report.problems()[0].offset(), a);
    EXPECT_EQ(report.problems()[1].offset(), a + (1 << 20));
    EXPECT_EQ(report.problems()[2].offset(), b + (2 << 20));
    for (const Error& problem : report.problems()) {
        EXPECT_EQ(problem.code(), ErrorCode::checksum);
        EXPECT_EQ(problem.file(), dir / "bad.pkl");
    }
    EXPECT_THAT(report.problems()[2].what(), HasSubstr("'/b'"));
}

TEST(Verify, FindsDamageInEachPartOfTheContainer) {
    const TempDir dir;
    dump(std::map<std::string, std::vector<double>>{{"a", numbers(10)}}, dir / "x.pkl");
    const std::string good = read_file(dir / "x.pkl");
    const std::uint64_t payload = File(dir / "x.pkl").find("a").offset;
    for (const std::uint64_t at : {std::uint64_t{20}, payload + 3, payload + 100, std::uint64_t{good.size() - 85},
                                   std::uint64_t{good.size() - 40}}) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 2);
        write_file(dir / "bad.pkl", bad);
        EXPECT_FALSE(verify(dir / "bad.pkl").ok()) << at;
    }
}

TEST(Verify, AFileOfAnotherKindIsAProblemAndAMissingOneAnError) {
    const TempDir dir;
    write_file(dir / "x", "not a pickle");
    EXPECT_FALSE(verify(dir / "x").ok());
    write_file(dir / "x", "");
    EXPECT_FALSE(verify(dir / "x").ok());
    EXPECT_EQ(error_of([&] { verify(dir / "none"); }).code(), ErrorCode::io);
}

TEST(Verify, ALostTrailerIsNamedAndTheValueStillLoads) {
    const TempDir dir;
    dump(sample(), dir / "x.pkl");
    const std::string bytes = read_file(dir / "x.pkl");
    write_file(dir / "x.pkl", bytes.substr(0, bytes.size() - 10));
    const VerifyReport report = verify(dir / "x.pkl");
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.problems()[0].code(), ErrorCode::truncated);
}

TEST(Verify, TellsProgress) {
    const TempDir dir;
    dump(numbers(1'000'000), dir / "x.pkl");
    std::uint64_t last = 0;
    bool finished = false;
    verify(dir / "x.pkl", {.progress = [&](const Progress& p) {
               EXPECT_GE(p.done, last);
               last = p.done, finished = p.finished;
           }});
    EXPECT_TRUE(finished);
    EXPECT_EQ(last, 8'000'000U);
}

}  // namespace
}  // namespace jl::test
