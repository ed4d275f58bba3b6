// Every truncation and every single flipped bit of small files: an error, or the very same value.
#include <gtest/gtest.h>

#include <jl/jl.hpp>

#include "hostile/support/golden.hpp"
#include "support/random.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

std::string with_flipped(std::string bytes, std::size_t bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    return bytes;
}

TEST(Damage, WholeFilesAreTheirValue) {
    const TempDir dir;
    for (const Golden& golden : golden_files()) {
        EXPECT_TRUE(harmless(golden, golden.bytes, dir / "x")) << golden.name;
        EXPECT_TRUE(verify(dir / "x").ok()) << golden.name;
        EXPECT_TRUE(verify(dir / "x").has_checksums()) << golden.name;
        EXPECT_LT(golden.bytes.size(), 4'000U) << golden.name;
    }
}

TEST(Damage, EveryTruncationIsAnErrorOrTheSameValueAndVerifyFindsIt) {
    const TempDir dir;
    for (const Golden& golden : golden_files()) {
        write_file(dir / "x", golden.bytes);
        for (std::size_t size = golden.bytes.size(); size-- > 0;) {
            std::filesystem::resize_file(dir / "x", size);
            ASSERT_FALSE(verify(dir / "x", {.n_threads = 1}).ok()) << golden.name << " cut to " << size;
            ASSERT_TRUE(harmless(golden, std::string_view(golden.bytes).substr(0, size), ""))
                << golden.name << " cut to " << size;
        }
    }
}

TEST(Damage, EveryFlippedBitIsAnErrorOrTheSameValue) {
    const TempDir dir;
    for (const Golden& golden : golden_files()) {
        for (std::size_t bit = 0; bit < golden.bytes.size() * 8; ++bit)
            ASSERT_TRUE(harmless(golden, with_flipped(golden.bytes, bit), bit % 29 == 0 ? dir / "x" : ""))
                << golden.name << " bit " << bit;
    }
}

TEST(Damage, RandomBytesInsteadOfSomeAreAnErrorOrTheSameValue) {
    Random random;
    SCOPED_TRACE(random.seed_text());
    for (const Golden& golden : golden_files()) {
        for (int i = 0; i < 500; ++i) {
            std::string bytes = golden.bytes;
            // Other first bytes make another format, where one or two may be a whole object.
            constexpr std::size_t kept = 2;
            const std::size_t from = kept + random.below(bytes.size() - kept);
            // Up to 32 bits in a row are what a CRC finds for certain.
            for (std::size_t at = from; at < std::min(bytes.size(), from + 1 + random.below(4)); ++at)
                bytes[at] = static_cast<char>(random.below(256));
            ASSERT_TRUE(harmless(golden, bytes, "")) << golden.name << " from " << from;
        }
    }
}

TEST(Damage, FilesOfOthersBehindOrBeforeAreNoOtherValue) {
    for (const Golden& golden : golden_files()) {
        ASSERT_TRUE(harmless(golden, golden.bytes + "rubbish", "")) << golden.name;
        ASSERT_TRUE(harmless(golden, golden.bytes + golden.bytes, "")) << golden.name;
        ASSERT_TRUE(harmless(golden, std::string(1, '\0') + golden.bytes, "")) << golden.name;
        ASSERT_TRUE(harmless(golden, std::string_view(golden.bytes).substr(1), "")) << golden.name;
    }
}

}  // namespace
}  // namespace jl::test
