// Other people's programs read what jl writes.
#include <gtest/gtest.h>

#include "codec/built_in_codecs.hpp"
#include "codec/support/samples.hpp"
#include "io/file.hpp"
#include "support/temp_dir.hpp"
#include "support/tool.hpp"

namespace jl {
namespace {

using test::Bytes;
using test::unit;

class StandardTools : public testing::Test {
  protected:
    void write(const std::string& name, const Bytes& content, const CodecChoice& choice) {
        AtomicFile file(dir_ / name);
        const auto out = encoded(file, choice, {.n_threads = 2});
        out->write(content);
        out->finish();
        file.commit(AtomicFile::Sync::no);
    }
    void expect_success(const std::string& command) {
        const test::ToolResult result = test::run_tool(command);
        EXPECT_EQ(result.status, 0) << command << "\n" << result.output;
    }
    std::string path(const std::string& name) const { return test::quoted(dir_ / name); }
    static std::vector<std::size_t> sizes() { return {0, 1, unit, 2 * unit + 4711}; }

    test::TempDir dir_;
};

TEST_F(StandardTools, GunzipAndPigzFindNoFault) {
    for (const std::size_t size : sizes()) {
        for (int level = 1; level <= 9; ++level) {
            write("x.gz", test::image_like(size), test::gzip(level));
            expect_success("gunzip -t " + path("x.gz"));
            expect_success("pigz -t " + path("x.gz"));
        }
    }
}

TEST_F(StandardTools, GunzipGivesBackTheContent) {
    const Bytes content = test::image_like(3 * unit + 99);
    write("x.gz", content, test::gzip());
    expect_success("gunzip -c " + path("x.gz") + " > " + path("x"));
    const std::string text = test::read_file(dir_ / "x");
    ASSERT_EQ(text.size(), content.size() + test::records_bytes(content.size()));
    EXPECT_EQ(std::memcmp(text.data(), content.data(), content.size()), 0);
}

TEST_F(StandardTools, PythonReadsOneMemberAndOneStream) {
    const std::string check =
        "import gzip, sys, zlib\n"
        "raw = open(sys.argv[1], 'rb').read()\n"
        "size = int(sys.argv[3])\n"
        "d = zlib.decompressobj(15 if sys.argv[2] == 'zlib' else 31)\n"
        "data = d.decompress(raw) + d.flush()\n"
        "assert d.eof and not d.unused_data, 'one stream, and nothing behind it'\n"
        "assert len(data) > size\n"
        "if sys.argv[2] == 'gzip': assert gzip.decompress(raw) == data\n"
        "open(sys.argv[4], 'wb').write(data[:size])\n";
    test::write_file(dir_ / "check.py", check);
    for (const CodecChoice& choice : {test::gzip(), test::zlib(), test::gzip(6), test::zlib(9)}) {
        for (const std::size_t size : sizes()) {
            const Bytes content = test::image_like(size);
            write("x", content, choice);
            expect_success("python3 " + path("check.py") + " " + path("x") + " " + choice.codec->name + " " +
                           std::to_string(size) + " " + path("back"));
            const std::string back = test::read_file(dir_ / "back");
            EXPECT_TRUE(std::ranges::equal(std::as_bytes(std::span(back)), content)) << choice.codec->name << size;
        }
    }
}

TEST_F(StandardTools, WhatTheyWriteIsRead) {
    const Bytes content = test::image_like(3 * unit + 1);
    const std::string text(reinterpret_cast<const char*>(content.data()), content.size());
    test::write_file(dir_ / "x", text);
    expect_success("gzip -c " + path("x") + " > " + path("gzip.gz"));
    expect_success("pigz -c " + path("x") + " > " + path("pigz.gz"));
    expect_success("pigz -i -b 128 -p 2 -c " + path("x") + " > " + path("blocks.gz"));
    expect_success("pigz -z -c " + path("x") + " > " + path("pigz.z"));
    for (const std::string name : {"gzip.gz", "pigz.gz", "blocks.gz", "pigz.z"}) {
        const FileSource source(dir_ / name);
        const Codec& codec = name.ends_with(".z") ? *detail::zlib_codec().codec : *detail::gzip_codec().codec;
        for (const unsigned threads : {1U, 2U}) {
            const auto in = decoded(source, codec, {.n_threads = threads});
            EXPECT_TRUE(test::read_all(*in) == content) << name;
        }
    }
}

struct Tool {
    std::string test, unpack, pack;  // a file's name follows
};

// gzip has tests of its own above; of zlib streams there is no tool.
std::optional<Tool> tool_of(const Codec& codec) {
    if (codec.name == "bz2") return Tool{"bunzip2 -t", "bunzip2 -c", "bzip2 -c"};
    if (codec.name == "lzma") return Tool{"xz -t --format=lzma", "unlzma -c", "xz -c --format=lzma -1"};
    if (codec.name == "xz") return Tool{"xz -t", "unxz -c", "xz -c -1"};
    if (codec.name == "lz4") return Tool{"lz4 -q -t", "lz4 -q -d -c", "lz4 -q -c"};
    if (codec.name == "zstd") return Tool{"zstd -q -t", "zstd -q -d -c", "zstd -q -c"};
    return std::nullopt;
}

TEST_F(StandardTools, FindNoFaultInAnyCodecsFilesAndGiveBackTheirContent) {
    for (const auto& [codec, framing] : detail::built_in_codecs()) {
        const std::optional<Tool> tool = tool_of(*codec);
        if (!tool) continue;
        const CodecChoice choice{codec, std::max(1, codec->min_level)};
        const std::size_t block = framing != nullptr ? framing->unit_bytes(choice.level) : unit;
        for (const std::size_t size : {std::size_t{0}, std::size_t{1}, block, block + 4711}) {
            const Bytes content = test::image_like(size);
            const std::string name = "x" + codec->extension;
            write(name, content, choice);
            expect_success(tool->test + " " + path(name));
            expect_success(tool->unpack + " " + path(name) + " > " + path("x"));
            const std::string text = test::read_file(dir_ / "x");
            ASSERT_GE(text.size(), content.size()) << codec->name;
            EXPECT_TRUE(std::equal(content.begin(), content.end(), std::as_bytes(std::span(text)).begin()))
                << codec->name << size;
        }
    }
}

TEST_F(StandardTools, FilesOfEveryToolAreRead) {
    for (const auto& [codec, framing] : detail::built_in_codecs()) {
        const std::optional<Tool> tool = tool_of(*codec);
        if (!tool) continue;
        for (const std::size_t size : {std::size_t{0}, std::size_t{5}, std::size_t{400}, 2 * unit + 9}) {
            const Bytes content = test::image_like(size);
            test::write_file(dir_ / "x", {reinterpret_cast<const char*>(content.data()), content.size()});
            expect_success(tool->pack + " " + path("x") + " > " + path("foreign"));
            expect_success("cat " + path("foreign") + " " + path("foreign") + " > " + path("twice"));
            for (const unsigned threads : {1U, 2U}) {
                const FileSource once(dir_ / "foreign");
                EXPECT_TRUE(test::read_all(*decoded(once, *codec, {.n_threads = threads})) == content)
                    << codec->name << size;
                const FileSource twice(dir_ / "twice");
                EXPECT_TRUE(test::read_all(*decoded(twice, *codec, {.n_threads = threads})) ==
                            test::joined(content, content))
                    << codec->name << size;
            }
        }
    }
}

}  // namespace
}  // namespace jl
