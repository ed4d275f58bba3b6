#include "codec/zip.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/error.hpp"
#include "support/zip_writer.hpp"

namespace jl::detail {
namespace {

using test::error_of;
using test::zip_archive;
using test::ZipEntry;
using testing::HasSubstr;

constexpr std::uint64_t any = ~std::uint64_t{0};

MemorySource source_of(const std::string& bytes) { return MemorySource(std::as_bytes(std::span(bytes))); }

std::vector<ZipMember> members_of(const std::string& archive) { return zip_members(source_of(archive), any); }

std::string content_of(const std::string& archive, std::size_t index, std::size_t piece = 7, double ratio = 0) {
    const MemorySource source = source_of(archive);
    const std::vector<ZipMember> members = zip_members(source, any);
    const auto in = open_zip_member(source, members.at(index), ratio);
    std::string content, bytes(piece, '\0');
    while (const std::size_t count = in->read(std::as_writable_bytes(std::span(bytes))))
        content.append(bytes, 0, count);
    EXPECT_EQ(in->read(std::as_writable_bytes(std::span(bytes))), 0U);
    return content;
}

std::string long_text() {
    std::string text;
    for (int i = 0; i < 40'000; ++i) text += std::to_string(i * 7919 % 1000) + ' ';
    return text;
}

TEST(Zip, MembersComeBackStoredDeflatedAndWide) {
    for (const bool deflated : {false, true}) {
        for (const bool wide : {false, true}) {
            const ZipEntry one{.name = "a", .content = long_text(), .deflated = deflated, .wide = wide};
            const std::string archive =
                zip_archive({one, {.name = "empty", .content = "", .deflated = deflated}}, "note");
            ASSERT_EQ(members_of(archive).size(), 2U);
            EXPECT_EQ(members_of(archive)[0].size, one.content.size());
            for (const std::size_t piece : {std::size_t{1000}, std::size_t{1} << 20})
                EXPECT_EQ(content_of(archive, 0, piece), one.content);
            EXPECT_EQ(content_of(archive, 1), "");
        }
    }
}

TEST(Zip, AnEmptyArchiveHasNoMembers) { EXPECT_TRUE(members_of(zip_archive({})).empty()); }

TEST(Zip, LengthsAndChecksumsAreComparedWithTheClaim) {
    for (const bool deflated : {false, true}) {
        const ZipEntry honest{.name = "a", .content = "some content", .deflated = deflated};
        ZipEntry longer = honest, other = honest;
        longer.size_lie = 1;
        other.crc_lie = 1;
        EXPECT_THAT(error_of([&] { content_of(zip_archive({longer}), 0); }).what(),
                    HasSubstr("the member does not have the 13"));
        EXPECT_EQ(error_of([&] { content_of(zip_archive({other}), 0); }).code(), ErrorCode::checksum);
        ZipEntry shorter = honest;
        shorter.size_lie = static_cast<std::uint64_t>(-1);
        EXPECT_EQ(error_of([&] { content_of(zip_archive({shorter}), 0); }).code(), ErrorCode::format);
    }
}

TEST(Zip, OtherMethodsAndEncryptionAreRefusedByName) {
    const Error method =
        error_of([] { content_of(zip_archive({{.name = "a", .content = "x", .method_lie = 12}}), 0); });
    EXPECT_EQ(method.code(), ErrorCode::unsupported);
    EXPECT_THAT(method.what(), HasSubstr("method 12"));
    const Error secret = error_of([] { content_of(zip_archive({{.name = "a", .content = "x", .flags = 1}}), 0); });
    EXPECT_THAT(secret.what(), HasSubstr("the member is encrypted"));
}

TEST(Zip, EveryTruncationIsRefused) {
    const std::string archive =
        zip_archive({{.name = "a", .content = "some content"}, {.name = "b", .content = "more", .deflated = true}});
    for (std::size_t size = 0; size < archive.size(); ++size) {
        const Error error = error_of([&] { members_of(archive.substr(0, size)); });
        EXPECT_TRUE(error.code() == ErrorCode::truncated || error.code() == ErrorCode::format) << size;
    }
}

TEST(Zip, NoDamageDoesHarm) {
    const std::string archive = zip_archive({{.name = "a", .content = "some content", .wide = true},
                                             {.name = "b", .content = "more content", .deflated = true}});
    for (std::size_t at = 0; at < archive.size(); ++at) {
        for (const char flip : {'\x01', '\x80', '\xff'}) {
            std::string damaged = archive;
            damaged[at] = static_cast<char>(damaged[at] ^ flip);
            try {
                for (std::size_t i = 0; i < 2; ++i) content_of(damaged, i);
            } catch (const Error&) {
            } catch (const std::out_of_range&) {  // a member less
            }
        }
    }
}

TEST(Zip, MembersThatOverlapAreRefused) {
    std::string archive = zip_archive({{.name = "a", .content = "some content"}, {.name = "b", .content = "more"}});
    // The second entry of the directory points at the first member.
    const std::size_t entry = archive.rfind("PK\1\2");
    archive.replace(entry + 42, 4, std::string(4, '\0'));
    EXPECT_THAT(error_of([&] { members_of(archive); }).what(), HasSubstr("begins at 0"));
    std::string longer = zip_archive({{.name = "a", .content = "some content"}});
    longer[longer.rfind("PK\1\2") + 20] = 13;  // a byte of the directory
    EXPECT_THAT(error_of([&] { members_of(longer); }).what(), HasSubstr("where the directory begins at 43"));
}

TEST(Zip, ImpossibleSizesAreRefusedBeforeTheyAreRead) {
    for (const bool deflated : {false, true}) {
        const std::string archive =
            zip_archive({{.name = "a", .content = "some content", .deflated = deflated, .size_lie = 1 << 24}});
        const MemorySource source = source_of(archive);
        const std::vector<ZipMember> members = zip_members(source, any);
        EXPECT_THAT(error_of([&] { open_zip_member(source, members.at(0), 0); }).what(),
                    HasSubstr("does not have the 16777228 bytes that the archive claims"));
    }
}

TEST(Zip, TheDirectoryAndTheRatioAreBounded) {
    const std::string archive = zip_archive({{.name = "a", .content = std::string(8'000'000, 'x'), .deflated = true}});
    EXPECT_EQ(error_of([&] { zip_members(source_of(archive), 10); }).code(), ErrorCode::limit);
    EXPECT_EQ(error_of([&] { content_of(archive, 0, 65536, 100); }).code(), ErrorCode::limit);
}

}  // namespace
}  // namespace jl::detail
