// Advice on how files are used, by what the system shows of it; and files that are never mapped.
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include <jl/jl.hpp>

#include "persist/support/samples.hpp"

namespace jl::test {
namespace {

// What /proc/self/smaps says of the map of a file: its lines, or nothing.
std::string map_of(const std::string& path) {
    std::ifstream smaps("/proc/self/smaps");
    std::string found;
    bool inside = false;
    for (std::string line; std::getline(smaps, line);) {
        const bool is_head = line.find('-') != std::string::npos && line.find(':') > line.find('-');
        if (is_head) inside = line.ends_with(path);
        if (inside) found += line + '\n';
    }
    return found;
}

std::uint64_t resident_of(const std::string& smaps) {
    std::istringstream lines(smaps.substr(std::min(smaps.find("Rss:"), smaps.size())));
    std::string name;
    std::uint64_t kilobytes = 0;
    lines >> name >> kilobytes;
    return kilobytes * 1024;
}

bool has_flag(const std::string& smaps, const std::string& flag) {
    const std::size_t flags = smaps.find("VmFlags:");
    return flags != std::string::npos && smaps.find(" " + flag, flags) != std::string::npos;
}

class Advice : public testing::Test {
  protected:
    void SetUp() override { dump(numbers(1'000'000), path); }
    std::string map_with(Access access, bool huge_pages = false) const {
        const File file(path, {.access = access, .huge_pages = huge_pages});
        const auto loaded =
            load<Array<double>>(path, {.mmap_mode = MmapMode::r, .access = access, .huge_pages = huge_pages});
        EXPECT_EQ(file.array<double>("/")(1), loaded(1));
        return map_of(path);
    }
    TempDir dir;
    const std::string path = dir / "x.pkl";
};

TEST_F(Advice, ReachesTheSystem) {
    if (map_with(Access::normal).find("VmFlags:") == std::string::npos) return;  // a system that shows nothing
    EXPECT_FALSE(has_flag(map_with(Access::normal), "rr"));
    EXPECT_TRUE(has_flag(map_with(Access::random), "rr"));
    EXPECT_TRUE(has_flag(map_with(Access::sequential), "sr"));
    (void)map_with(Access::will_need);
    (void)map_with(Access::normal, true);
}

TEST_F(Advice, PopulateBringsAllPages) {
    const File file(path, {.access = Access::populate});
    const std::string smaps = map_of(path);
    EXPECT_TRUE(smaps.empty() || resident_of(smaps) >= 8'000'000) << smaps;
}

TEST_F(Advice, PopulateDoesNotCopyWhatIsCopiedOnWrite) {
    const auto draft = load<Array<double>>(path, {.mmap_mode = MmapMode::c, .access = Access::populate});
    const std::string smaps = map_of(path);
    const std::size_t copied = smaps.find("Anonymous:");  // pages of its own
    if (copied == std::string::npos) return;
    EXPECT_EQ(std::stoul(smaps.substr(copied + 10)), 0U) << smaps;
}

TEST_F(Advice, ChangesNoValue) {
    for (const Access access :
         {Access::normal, Access::sequential, Access::random, Access::will_need, Access::populate}) {
        EXPECT_EQ(load<std::vector<double>>(path, {.access = access}), numbers(1'000'000));
        const File file(path, {.mmap_mode = std::nullopt, .access = access});
        EXPECT_EQ(file.slice<double>("/", 5, 6)(0), numbers(6)[5]);
    }
}

TEST_F(Advice, FilesThatAreReadAreNeverMapped) {
    const File file(path, {.mmap_mode = std::nullopt});
    const auto all = file.array<double>("/");
    EXPECT_EQ(map_of(path), "");
    EXPECT_EQ(std::vector<double>(all.begin(), all.end()), numbers(1'000'000));
    const auto loaded = load<Array<double>>(path);
    EXPECT_EQ(map_of(path), "");
}

}  // namespace
}  // namespace jl::test
