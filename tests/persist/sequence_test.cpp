#include <algorithm>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>
#include <ranges>
#include <sstream>
#include <sys/file.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <jl/jl.hpp>

#include "persist/support/needs_codec.hpp"
#include "persist/support/samples.hpp"
#include "support/error.hpp"
#include "support/faulty_io.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

static_assert(std::ranges::input_range<ObjectSequence<int>>);

template <class T>
std::vector<std::size_t> sizes_of(ObjectSequence<T> objects) {
    std::vector<std::size_t> sizes;
    for (const T& each : objects) sizes.push_back(each.size());
    return sizes;
}

std::string packed(std::size_t count, const char* codec) { return dumped_text(numbers(count), {.compress = codec}); }

TEST(Sequence, DeliversObjectsOfJlAndJoblibInOrderWithTheirPlaces) {
    const TempDir dir;
    for (const char* codec : {"bz2", "zstd", "lz4"}) JL_NEEDS_CODEC(dir / "x.pkl", {.compress = codec});
    const std::string first = dumped_text(numbers(10));
    const std::string second = joblib_file(numbers(20));
    const std::string third = packed(30, "gzip") + packed(40, "bz2") + packed(50, "zstd") + packed(60, "lz4");
    write_file(dir / "x.pkl", first + second + third + second);
    auto objects = jl::read_all<std::vector<double>>(dir / "x.pkl");
    std::vector<std::size_t> sizes;
    std::vector<std::uint64_t> offsets;
    for (const auto& each : objects) sizes.push_back(each.size()), offsets.push_back(objects.offset());
    EXPECT_EQ(sizes, (std::vector<std::size_t>{10, 20, 30, 40, 50, 60, 20}));
    EXPECT_EQ(objects.number(), 7U);
    EXPECT_EQ(offsets[1], first.size());
    EXPECT_EQ(offsets[2], first.size() + second.size());
    EXPECT_EQ(offsets[6], first.size() + second.size() + third.size());
    std::istringstream stream(read_file(dir / "x.pkl"));
    EXPECT_EQ(sizes_of(jl::read_all<std::vector<double>>(stream)), sizes);
    const std::string bytes = read_file(dir / "x.pkl");
    PieceSource source(bytes_of(bytes), 1);
    EXPECT_EQ(sizes_of(jl::read_all<std::vector<double>>(source)), sizes);
    std::size_t count = 0;
    for (const Value& each : jl::read_all(dir / "x.pkl")) count += each.as<std::vector<double>>().size();
    EXPECT_EQ(count, 230U);
}

TEST(Sequence, OfAnEmptyFileIsEmpty) {
    const TempDir dir;
    write_file(dir / "x.pkl", "");
    EXPECT_TRUE(sizes_of(jl::read_all<std::vector<double>>(dir / "x.pkl")).empty());
    EXPECT_EQ(error_of([&] { (void)jl::read_all(dir / "none.pkl"); }).code(), ErrorCode::io);
}

TEST(Sequence, SeveralObjectsInOneCompressedStreamAreDelivered) {
    const TempDir dir;
    write_file(dir / "x", dumped_text(numbers(10)) + joblib_file(numbers(20)) + dumped_text(numbers(5)));
    ASSERT_EQ(std::system(("gzip -k " + (dir / "x")).c_str()), 0);
    EXPECT_EQ(sizes_of(jl::read_all<std::vector<double>>(dir / "x.gz")), (std::vector<std::size_t>{10, 20, 5}));
}

TEST(Sequence, TellsATornEndAfterTheObjectsBefore) {
    const TempDir dir;
    const std::string whole = dumped_text(numbers(10));
    const std::string last = dumped_text(numbers(3'000));
    for (const std::size_t kept :
         {std::size_t{1}, std::size_t{20}, std::size_t{5'000}, last.size() - 200, last.size() - 74, last.size() - 1}) {
        write_file(dir / "x.pkl", whole + whole + last.substr(0, kept));
        auto objects = jl::read_all<std::vector<double>>(dir / "x.pkl");
        auto it = objects.begin();
        EXPECT_EQ(it->size(), 10U);
        ++it;
        const Error error = error_of([&] { ++it; });
        EXPECT_EQ(error.code(), ErrorCode::truncated) << kept;
        EXPECT_THAT(error.what(), HasSubstr("x.pkl"));
        EXPECT_THAT(error.what(), HasSubstr("object 3, which begins at byte " + std::to_string(2 * whole.size())));
        EXPECT_EQ(load<std::vector<double>>(dir / "x.pkl"), numbers(10));
        EXPECT_FALSE(verify(dir / "x.pkl").ok());
    }
}

TEST(Append, MakesTheFileAndAddsToIt) {
    const TempDir dir;
    const std::string path = dir / "log.pkl";
    for (std::size_t i = 1; i <= 5; ++i) dump(numbers(i * 100), path, {.append = true});
    EXPECT_EQ(sizes_of(jl::read_all<std::vector<double>>(path)), (std::vector<std::size_t>{100, 200, 300, 400, 500}));
    EXPECT_TRUE(verify(path).ok());
    EXPECT_EQ(verify(path).arrays(), 5U);
    EXPECT_EQ(dir.names().size(), 1U);
}

TEST(Append, ComesBehindJoblibsObjectsToo) {
    const TempDir dir;
    write_file(dir / "x.pkl", joblib_file(numbers(20)) + joblib_file(numbers(30)));
    dump(numbers(40), dir / "x.pkl", {.sync = true, .append = true});
    EXPECT_EQ(sizes_of(jl::read_all<std::vector<double>>(dir / "x.pkl")), (std::vector<std::size_t>{20, 30, 40}));
}

TEST(Append, RefusesCompressionByName) {
    const TempDir dir;
    dump(1, dir / "x.pkl.gz");
    const std::string before = read_file(dir / "x.pkl.gz");
    EXPECT_THAT(error_of([&] { dump(1, dir / "x.pkl.gz", {.append = true}); }).what(), HasSubstr("gzip"));
    std::filesystem::rename(dir / "x.pkl.gz", dir / "x.pkl");
    const Error error = error_of([&] { dump(1, dir / "x.pkl", {.append = true}); });
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_THAT(error.what(), HasSubstr("this one is gzip-compressed"));
    EXPECT_EQ(read_file(dir / "x.pkl"), before);
    std::stringstream stream;
    EXPECT_EQ(error_of([&] { dump(1, stream, {.append = true}); }).code(), ErrorCode::usage);
    write_file(dir / "text", "<html>\n");
    EXPECT_THAT(error_of([&] { dump(1, dir / "text", {.append = true}); }).what(), HasSubstr("begins with '<html>"));
}

TEST(Append, LeavesTheFileAsItWasAfterAFailure) {
    const TempDir dir;
    const std::string path = dir / "x.pkl";
    const auto failing = [](const Progress&) -> void { throw Injected(); };
    EXPECT_THROW(dump(numbers(400'000), path, {.progress = failing, .append = true}), Injected);
    EXPECT_TRUE(dir.names().empty());
    dump(numbers(10), path);
    const std::string before = read_file(path);
    EXPECT_THROW(dump(numbers(400'000), path, {.progress = failing, .append = true}), Injected);
    EXPECT_EQ(read_file(path), before);
}

TEST(Append, BehindATornEndIsRefusedAndNamesTheByteOrCutsItOff) {
    const TempDir dir;
    const std::string path = dir / "x.pkl";
    const std::string whole = dumped_text(numbers(10));
    write_file(path, whole + dumped_text(numbers(3'000)).substr(0, 5'000));
    const Error error = error_of([&] { dump(numbers(5), path, {.append = true}); });
    EXPECT_EQ(error.code(), ErrorCode::truncated);
    EXPECT_EQ(error.offset(), whole.size());
    EXPECT_THAT(error.what(), HasSubstr("nothing was appended"));
    EXPECT_THAT(error.what(), HasSubstr("TornEnd::cut"));
    EXPECT_EQ(read_file(path).size(), whole.size() + 5'000);
    dump(numbers(5), path, {.append = true, .torn_end = TornEnd::cut});
    EXPECT_EQ(sizes_of(jl::read_all<std::vector<double>>(path)), (std::vector<std::size_t>{10, 5}));
    EXPECT_TRUE(verify(path).ok());
}

TEST(Append, DamageInTheMiddleIsNeverCutOff) {
    const TempDir dir;
    const std::string path = dir / "x.pkl";
    std::string damaged = dumped_text(numbers(3'000)) + dumped_text(numbers(10)) + "\x80";
    damaged[10'000] = static_cast<char>(damaged[10'000] ^ 1);
    write_file(path, damaged);
    EXPECT_EQ(error_of([&] { dump(1, path, {.append = true, .torn_end = TornEnd::cut}); }).code(), ErrorCode::checksum);
    EXPECT_EQ(read_file(path), damaged);
}

TEST(Append, WritersWaitForOneAnother) {
    const TempDir dir;
    const std::string path = dir / "x.pkl";
    {
        std::vector<std::jthread> writers;
        for (std::size_t w = 0; w < 4; ++w)
            writers.emplace_back([&] {
                for (std::size_t i = 0; i < 20; ++i) dump(numbers(1'000), path, {.append = true});
            });
    }
    EXPECT_EQ(sizes_of(jl::read_all<std::vector<double>>(path)), std::vector<std::size_t>(80, 1'000));
    EXPECT_TRUE(verify(path).ok());
}

// A child appends without end and is killed at any moment: what it had finished stays readable, a torn object is told.
TEST(Append, AKilledWriterLosesTheLastObjectAtMost) {
    const TempDir dir;
    const std::string path = dir / "x.pkl";
    std::mt19937 random(20'261'122);
    std::size_t torn = 0;
    std::size_t delivered = 0;
    for (int round = 0; round < 120; ++round) {
        const pid_t child = ::fork();
        if (child == 0) {
            try {
                for (;;) dump(numbers(200'000), path, {.n_threads = 1, .append = true, .torn_end = TornEnd::cut});
            } catch (...) {
                ::_exit(1);
            }
        }
        ASSERT_GT(child, 0);
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 6'000));
        ASSERT_EQ(::kill(child, SIGKILL), 0);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status));
        if (!std::filesystem::exists(path)) continue;
        std::size_t count = 0;
        try {
            for (const auto& each : jl::read_all<std::vector<double>>(path)) {
                ASSERT_EQ(each.size(), 200'000U);
                ++count;
            }
        } catch (const Error& error) {
            ++torn;
            ASSERT_EQ(error.code(), ErrorCode::truncated) << error.what();
            ASSERT_THAT(error.what(), HasSubstr("object " + std::to_string(count + 1) + ", which begins at byte"));
        }
        ASSERT_GE(count, std::min<std::size_t>(delivered, 30)) << "round " << round;
        delivered = count;
        if (delivered > 30) std::filesystem::remove(path), delivered = 0;
    }
    EXPECT_GT(torn, 5U);
}

}  // namespace
}  // namespace jl::test
