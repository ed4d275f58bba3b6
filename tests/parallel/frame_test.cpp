// Frames between processes: any cut of the stream gives the same frames, and claims are not believed.
#include "parallel/frame.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vector>

#include <jl/error.hpp>

#include "support/error.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

// Hands out `most` bytes at a time.
class SlowSource final : public Source {
  public:
    SlowSource(std::span<const std::byte> bytes, std::size_t most) : bytes_(bytes), most_(most) {}
    std::size_t read(std::span<std::byte> into) override {
        const std::size_t count = std::min({into.size(), most_, bytes_.size()});
        std::copy_n(bytes_.begin(), count, into.begin());
        bytes_ = bytes_.subspan(count);
        return count;
    }

  private:
    std::span<const std::byte> bytes_;
    std::size_t most_;
};

std::vector<std::byte> three_frames() {
    std::vector<std::byte> bytes;
    VectorSink sink(bytes);
    write_frame(sink, {.type = FrameType::submit, .flags = 1, .id = 7}, "name", std::vector(5, std::byte{9}));
    write_frame(sink, {.type = FrameType::started, .id = ~std::uint64_t{0}});
    write_frame(sink, {.type = FrameType::value}, {}, std::vector(100'000, std::byte{1}));
    return bytes;
}

TEST(Frames, ComeInPiecesOfAnySize) {
    const std::vector<std::byte> bytes = three_frames();
    for (const std::size_t most : {1U, 2U, 23U, 24U, 25U, 1000U, 1'000'000U}) {
        SlowSource source(bytes, most);
        const auto first = read_frame(source), second = read_frame(source), third = read_frame(source);
        EXPECT_EQ(first->header.type, FrameType::submit);
        EXPECT_EQ(first->header.flags, 1);
        EXPECT_EQ(first->header.id, 7U);
        EXPECT_EQ(first->text, "name");
        EXPECT_EQ(first->body, std::vector(5, std::byte{9}));
        EXPECT_EQ(second->header.id, ~std::uint64_t{0});
        EXPECT_TRUE(second->text.empty() && second->body.empty());
        EXPECT_EQ(third->body.size(), 100'000U);
        EXPECT_FALSE(read_frame(source));
    }
}

TEST(Frames, ThatEndTooEarlyAreTold) {
    const std::vector<std::byte> bytes = three_frames();
    for (std::size_t cut = 1; cut < 33; ++cut) {
        SlowSource source(std::span<const std::byte>(bytes).first(cut), 1'000);
        EXPECT_EQ(error_of([&] { read_frame(source); }).code(), ErrorCode::truncated) << cut;
    }
    SlowSource nothing({}, 1);
    EXPECT_FALSE(read_frame(nothing));
}

FrameBytes changed(std::size_t at, int value) {
    FrameBytes bytes = encoded_header({.type = FrameType::value});
    bytes[at] = static_cast<std::byte>(value);
    return bytes;
}

TEST(Frames, OfOtherVersionsTypesAndSizesAreRefused) {
    EXPECT_EQ(decoded_header(encoded_header({.type = FrameType::done, .body_size = 5})).body_size, 5U);
    EXPECT_EQ(error_of([] { decoded_header(changed(2, 2)); }).code(), ErrorCode::version);
    EXPECT_THAT(error_of([] { decoded_header(changed(3, 1)); }).what(), HasSubstr("of version 257"));
    EXPECT_EQ(error_of([] { decoded_header(changed(0, 0)); }).code(), ErrorCode::format);
    EXPECT_EQ(error_of([] { decoded_header(changed(0, 10)); }).code(), ErrorCode::format);
    EXPECT_EQ(error_of([] { decoded_header(changed(7, 1)); }).code(), ErrorCode::limit);
    EXPECT_EQ(error_of([] { decoded_header(changed(23, 1)); }).code(), ErrorCode::limit);
}

TEST(Frames, TakeNoMemoryForAClaim) {
    std::vector<std::byte> bytes;
    VectorSink sink(bytes);
    sink.write(encoded_header({.type = FrameType::value, .body_size = std::uint64_t{1} << 40}));
    bytes.resize(bytes.size() + 100);
    SlowSource source(bytes, 1'000);
    EXPECT_THAT(error_of([&] { read_frame(source); }).what(), HasSubstr("a frame ends after"));
}

}  // namespace
}  // namespace jl::test
