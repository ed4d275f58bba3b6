// Files of arrays that are made to be filled in place, and processes that share them.
#include <csignal>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jl/jl.hpp>

#include "persist/support/samples.hpp"
#include "support/error.hpp"
#include "support/peak_memory.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

// Bytes that a file takes on the disk.
std::uint64_t room_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return static_cast<std::uint64_t>(status.st_blocks) * 512;
}

TEST(CreateMapped, IsFilledInPlaceAndWholeWhenItIsClosed) {
    const TempDir dir;
    const std::string path = dir / "scratch.pkl";
    {
        auto mapped = create_mapped<double>(path, {1000, 300});
        EXPECT_TRUE(verify(path).modified_in_place());
        EXPECT_TRUE(std::all_of(mapped.begin(), mapped.end(), [](double x) { return x == 0; }));
        mapped(999, 299) = 7;
        EXPECT_EQ(load<Array<double>>(path)(999, 299), 7);
    }
    const VerifyReport report = verify(path);
    EXPECT_TRUE(report.ok() && !report.modified_in_place());
    EXPECT_EQ(load<Array<double>>(path)(999, 299), 7);
    EXPECT_EQ(load<Array<double>>(path).shape(), (std::vector<std::uint64_t>{1000, 300}));
    EXPECT_EQ(dir.names(), std::vector<std::string>{"scratch.pkl"});
}

TEST(CreateMapped, IsTheFileThatADumpOfTheSameValuesIs) {
    const TempDir dir;
    std::map<std::string, Array<double>> value{{"a", Array<double>({500, 700})}, {"b", Array<double>({3, 5}, 'F')}};
    for (auto& [name, array] : value) {
        const std::vector<double> items = numbers(array.size());
        std::copy(items.begin(), items.end(), array.begin());
    }
    dump(value, dir / "dumped.pkl");
    {
        const File file = create_mapped(
            dir / "x.pkl", {{"a", DType::of<double>(), {500, 700}}, {"b", DType::of<double>(), {3, 5}, 'F'}});
        for (const auto& [name, array] : value) std::copy(array.begin(), array.end(), file.array<double>(name).begin());
    }
    EXPECT_TRUE(read_file(dir / "x.pkl") == read_file(dir / "dumped.pkl"));
    create_mapped<double>(dir / "named.pkl", {2}, {.name = "only", .reserve = true})(1) = 5;
    EXPECT_EQ(load(dir / "named.pkl")["only"].as<std::vector<double>>(), (std::vector<double>{0, 5}));
}

TEST(CreateMapped, OnlyTouchedPagesCost) {
    const TempDir dir;
    const std::string path = dir / "huge.pkl";
    constexpr std::uint64_t rows = 1 << 20, columns = 1 << 13;  // 64 GiB
    const std::uint64_t growth = growth_in_mib([&] {
        auto mapped = create_mapped<double>(path, {rows, columns});
        for (std::uint64_t row = 0; row < rows; row += rows / 16) mapped(row, 5) = static_cast<double>(row);
    });
    EXPECT_TRUE(instrumented || growth < 100) << growth;
    EXPECT_LT(room_of(path), std::uint64_t{64} << 20);
    const File file(path);
    EXPECT_EQ(file.slice<double>("/", rows / 2, rows / 2 + 1)(0, 5), rows / 2);
    const File read(path, {.mmap_mode = std::nullopt});
    EXPECT_EQ(read.slice<double>("/", {{rows / 2, rows / 2 + 1}, {4, 7}})(0, 1), rows / 2);
}

TEST(CreateMapped, ThatIsKilledLeavesModifiedInPlace) {
    const TempDir dir;
    const std::string path = dir / "x.pkl";
    write_file(path, "old");
    const pid_t child = ::fork();
    if (child == 0) {
        auto mapped = create_mapped<double>(path, {300'000});
        mapped(299'999) = 3;
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_TRUE(verify(path).ok() && verify(path).modified_in_place());
    EXPECT_EQ(load<std::vector<double>>(path).back(), 3);
    EXPECT_EQ(File(path, {.mmap_mode = std::nullopt}).array<double>("/")(299'999), 3);
}

TEST(CreateMapped, RefusesWhatItCannotMake) {
    const TempDir dir;
    const auto refused = [&](const std::vector<NewArray>& arrays) {
        return error_of([&] { create_mapped(dir / "x.pkl", arrays); }).code();
    };
    const DType real = DType::of<double>();
    EXPECT_EQ(refused({{"a", real, {1}}, {"a", real, {1}}}), ErrorCode::usage);
    EXPECT_EQ(refused({{"a", real, {1}}, {"", real, {1}}}), ErrorCode::usage);
    EXPECT_EQ(refused({{"a", real, {1}, 'K'}}), ErrorCode::usage);
    EXPECT_EQ(refused({{"a", real, {std::uint64_t{1} << 62, 4}}}), ErrorCode::range);
    EXPECT_EQ(refused({{"a", real, {std::uint64_t{1} << 60}}}), ErrorCode::io);
    EXPECT_EQ(error_of([&] { create_mapped<double>("/dev/null", {1}); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { create_mapped<double>(dir / "none/x.pkl", {1}); }).code(), ErrorCode::io);
    EXPECT_THAT(dir.names(), testing::IsEmpty());
}

// ---- two processes, one map ----

// A process that does `work` with a pipe to it and one from it; each side waits for the other's byte.
class Partner {
  public:
    template <class Work>
    explicit Partner(Work work) {
        EXPECT_EQ(::pipe(to_), 0);
        EXPECT_EQ(::pipe(from_), 0);
        pid_ = ::fork();
        if (pid_ != 0) return;
        std::swap(to_, from_);
        try {
            work(*this);
        } catch (...) {
            ::_exit(1);
        }
        ::_exit(0);
    }
    void tell() { EXPECT_EQ(::write(to_[1], "x", 1), 1); }
    void wait() {
        char byte = 0;
        EXPECT_EQ(::read(from_[0], &byte, 1), 1);
    }
    void end() {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }

  private:
    int to_[2] = {}, from_[2] = {};
    pid_t pid_ = 0;
};

class SharedMap : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Closing, SharedMap, testing::Bool(),
                         [](const auto& each) { return each.param ? "PartnerFirst" : "PartnerLast"; });

TEST_P(SharedMap, TwoProcessesSeeEachOther) {
    const bool partner_first = GetParam();
    const TempDir dir;
    const std::string path = dir / "x.pkl";
    dump(std::map<std::string, std::vector<double>>{{"a", numbers(300'000)}, {"b", numbers(300'000)}}, path);
    const auto open = [&] { return std::make_unique<File>(path, FileOptions{.mmap_mode = MmapMode::r_plus}); };
    Partner partner([&](Partner& other) {
        auto file = open();
        auto a = std::make_unique<Array<double>>(file->array<double>("a"));
        other.wait();
        if ((*a)(7) != 42) throw std::runtime_error("a write is not seen");
        (*a)(299'999) = 43;
        other.tell();
        other.wait();
        a.reset(), file.reset();
        other.tell();
    });
    auto file = open();
    file->array<double>("a")(7) = 42;
    partner.tell();
    partner.wait();
    EXPECT_EQ(file->array<double>("a")(299'999), 43);
    EXPECT_TRUE(verify(path).modified_in_place());
    const auto close_mine = [&] {
        file->array<double>("b")(0) = 44;
        file.reset();
    };
    if (!partner_first) close_mine();
    partner.tell();
    partner.wait();
    if (partner_first) {
        EXPECT_TRUE(verify(path).modified_in_place());
        close_mine();
    }
    partner.end();
    EXPECT_TRUE(verify(path).ok());
    EXPECT_FALSE(verify(path).modified_in_place());
    const auto back = load<std::map<std::string, std::vector<double>>>(path);
    EXPECT_EQ(back.at("a")[7] + back.at("a")[299'999] + back.at("b")[0], 42 + 43 + 44);
}

TEST(SharedMapOfAForkedProcess, IsClosedByTheOneThatOpenedIt) {
    const TempDir dir;
    const std::string path = dir / "x.pkl";
    auto mapped = create_mapped<double>(path, {300'000});
    Partner partner([&](Partner&) {
        mapped(5) = 1;
        mapped = {};  // as exit() would: the parent goes on writing
    });
    partner.end();
    EXPECT_TRUE(verify(path).modified_in_place());
    EXPECT_EQ(mapped(5), 1);
    mapped(6) = 2;
    mapped = {};
    EXPECT_TRUE(verify(path).ok());
    EXPECT_FALSE(verify(path).modified_in_place());
}

}  // namespace
}  // namespace jl::test
