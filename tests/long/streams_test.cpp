// Streams of more than 4 GiB through the fast codecs, both ways, in bounded memory. Run by scripts/long.
#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <string>

#include <jl/buffer.hpp>

#include "codec/binding.hpp"
#include "codec/registry.hpp"
#include "io/file.hpp"
#include "support/temp_dir.hpp"

namespace jl {
namespace {

constexpr std::uint64_t mega = std::uint64_t{1} << 20;
constexpr std::uint64_t total = (std::uint64_t{4} << 30) + 3 * mega + 17;

// One mebibyte at a time; which one it is can be seen in it.
void fill(std::span<std::byte> piece, std::uint64_t number) {
    std::uint64_t noise = number + 1;
    for (std::size_t i = 0; i < piece.size(); ++i) {
        if (i % 64 == 0) noise = noise * 6364136223846793005U + 1442695040888963407U;
        piece[i] = static_cast<std::byte>(noise >> 56);
    }
}

// KiB; 0 where the system does not tell.
std::uint64_t peak_memory() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6));
    }
    return 0;
}

class LongStreams : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(, LongStreams, testing::ValuesIn([] {
                             std::vector<std::string> names = compressors();
                             std::erase_if(names, [](const auto& name) {
                                 return name == "lzma" || name == "xz" || name == "bz2";
                             });
                             return names;
                         }()),
                         [](const auto& each) { return each.param; });

void write_all(const std::string& path, const CodecChoice& choice) {
    AtomicFile file(path);
    const auto out = encoded(file, choice, {.n_threads = 2});
    Buffer piece(mega);
    for (std::uint64_t at = 0; at < total; at += mega) {
        const auto bytes = piece.bytes().first(static_cast<std::size_t>(std::min(mega, total - at)));
        fill(bytes, at / mega);
        out->write(bytes);
    }
    out->finish();
    file.commit(AtomicFile::Sync::no);
}

void expect_piece(std::span<const std::byte> found, std::uint64_t at) {
    Buffer expected(mega);
    fill(expected.bytes(), at / mega);
    ASSERT_TRUE(std::ranges::equal(found, std::as_const(expected).bytes().first(found.size()))) << at;
}

void expect_all(Source& in) {
    Buffer piece(mega);
    for (std::uint64_t at = 0; at < total; at += mega) {
        const auto bytes = piece.bytes().first(static_cast<std::size_t>(std::min(mega, total - at)));
        for (std::size_t got = 0; got < bytes.size();) {
            const std::size_t count = in.read(bytes.subspan(got));
            ASSERT_GT(count, 0U) << at;
            got += count;
        }
        expect_piece(bytes, at);
    }
    // Nothing but the records of the table behind it, and every checksum right.
    while (in.read(piece.bytes()) > 0) {
    }
}

TEST_P(LongStreams, OfMoreThanFourGibibytesComeBackInBoundedMemory) {
    const test::TempDir dir;
    const std::string path = dir / "x";
    const CodecChoice choice = *choose({GetParam(), 1}, "");
    write_all(path, choice);
    const auto file = std::make_shared<FileSource>(path);
    for (const unsigned threads : {1U, 2U}) expect_all(*decoded(*file, *choice.codec, {.n_threads = threads}));
    expect_all(*decoded(std::make_unique<SequentialSource>(*file, 0, file->size()), *choice.codec, {.n_threads = 1}));

    const auto blocks = block_source(file, *choice.codec, {});
    ASSERT_NE(blocks, nullptr);
    EXPECT_EQ(blocks->size(), total);
    Buffer last(1000);
    blocks->read_at((std::uint64_t{4} << 30) + mega, last.bytes());
    expect_piece(last.bytes(), (std::uint64_t{4} << 30) + mega);
    EXPECT_LT(peak_memory(), std::uint64_t{100} << 10) << "KiB";
}

}  // namespace
}  // namespace jl
