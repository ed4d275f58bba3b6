#include "codec/transfer.hpp"

#include <gtest/gtest.h>
#include <mutex>

#include "codec/support/samples.hpp"
#include "io/crc32c.hpp"
#include "io/file.hpp"
#include "support/random.hpp"
#include "support/temp_dir.hpp"

namespace jl {
namespace {

using test::Bytes;

std::vector<std::uint32_t> checksums(std::span<const std::byte> bytes) {
    std::vector<std::uint32_t> sums;
    for (; !bytes.empty(); bytes = bytes.subspan(std::min(bytes.size(), checksum_chunk))) {
        sums.push_back(crc32c(bytes.first(std::min(bytes.size(), checksum_chunk))));
    }
    return sums;
}

std::vector<std::size_t> sizes() {
    return {0, 1, 300'000, checksum_chunk - 1, checksum_chunk, checksum_chunk + 1, 9 * checksum_chunk + 12345};
}

TEST(Transfer, WritesEveryByteAndSumsUpEachChunk) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    const Bytes content = random.bytes(9 * checksum_chunk + 12345);
    const test::TempDir dir;
    for (const std::size_t size : sizes()) {
        const auto part = std::span(content).first(size);
        for (const unsigned threads : {1U, 2U, 5U}) {
            AtomicFile file(dir / "x");
            file.write(test::bytes_of("before"));
            EXPECT_EQ(write_checked(file, part, threads), checksums(part));
            EXPECT_EQ(file.position(), 6 + size);
            file.write(test::bytes_of("behind"));
            file.commit(AtomicFile::Sync::no);
            const std::string expected =
                "before" + std::string(reinterpret_cast<const char*>(part.data()), part.size()) + "behind";
            EXPECT_TRUE(test::read_file(dir / "x") == expected) << size << " " << threads;
        }
        MemorySink memory;
        EXPECT_EQ(write_checked(memory, part, 2), checksums(part));
        EXPECT_TRUE(std::ranges::equal(memory.bytes(), part));
    }
}

// Takes bytes in order only, although it could be asked for more.
class InOrder final : public RandomSink {
  public:
    void write(std::span<const std::byte> bytes) override { sink_.write(bytes); }
    std::uint64_t reserve(std::uint64_t) override { throw test::Injected(); }
    void write_at(std::uint64_t, std::span<const std::byte>) override { throw test::Injected(); }
    const Bytes& bytes() const { return sink_.bytes(); }

  private:
    MemorySink sink_;
};

TEST(Transfer, WritesInOrderWhatHasNoPosition) {
    const Bytes content = test::image_like(9 * checksum_chunk);
    InOrder sink;
    EXPECT_EQ(write_checked(sink, content, 2), checksums(content));
    EXPECT_EQ(sink.bytes(), content);
}

class FailingRandomSink final : public RandomSink {
  public:
    void write(std::span<const std::byte>) override { throw test::Injected(); }
    std::optional<std::uint64_t> position() override { return 0; }
    std::uint64_t reserve(std::uint64_t) override { return 0; }
    void write_at(std::uint64_t offset, std::span<const std::byte>) override {
        if (offset > 5 * checksum_chunk) throw test::Injected();
    }
};

TEST(Transfer, CarriesFailuresToTheCaller) {
    const Bytes content = test::image_like(9 * checksum_chunk);
    for (const unsigned threads : {1U, 3U}) {
        FailingRandomSink sink;
        EXPECT_THROW(write_checked(sink, content, threads), test::Injected);
        const test::FailingRandomSource source(content, 7 * checksum_chunk, 7 * checksum_chunk + 1);
        Bytes into(content.size());
        EXPECT_THROW(read_checked(source, 0, into, {}, threads), test::Injected);
    }
}

TEST(Transfer, ReadsEveryByteAndNamesTheFirstChunkThatDiffers) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    const Bytes content = random.bytes(9 * checksum_chunk + 12345 + 100);
    const MemorySource source(content);
    for (const std::size_t size : sizes()) {
        const auto part = std::span(content).subspan(100, size);
        auto sums = checksums(part);
        for (const unsigned threads : {1U, 2U, 5U}) {
            Bytes into(size);
            EXPECT_EQ(read_checked(source, 100, into, sums, threads), -1);
            EXPECT_TRUE(std::ranges::equal(into, part));
            EXPECT_EQ(read_checked(source, 100, into, {}, threads), -1);
            if (sums.empty()) continue;
            auto wrong = sums;
            const std::size_t chunk = random.below(sums.size());
            for (std::size_t i = chunk; i < wrong.size(); ++i) wrong[i] ^= 1;
            EXPECT_EQ(read_checked(source, 100, into, wrong, threads), static_cast<std::int64_t>(chunk));
            EXPECT_TRUE(std::ranges::equal(into, part)) << "all of it is read all the same";
        }
    }
}

}  // namespace
}  // namespace jl
