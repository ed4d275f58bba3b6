#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/support/samples.hpp"
#include "codec/support/xor_codec.hpp"
#include "support/error.hpp"
#include "support/random.hpp"

namespace jl {
namespace {

using test::Bytes;
using test::error_of;
using testing::HasSubstr;

std::shared_ptr<const Codec> registered() {
    static const bool once = [] {
        register_compressor("user-xor", test::xor_codec(".uxor", "\x01uxor"));
        return true;
    }();
    EXPECT_TRUE(once);
    return choose("user-xor", "")->codec;
}

std::shared_ptr<const Codec> with_decoder(
    std::function<CoderStep(std::span<const std::byte>, std::span<std::byte>)> step) {
    struct Stub final : Decoder {
        std::function<CoderStep(std::span<const std::byte>, std::span<std::byte>)> step;
        CoderStep decode(std::span<const std::byte> in, std::span<std::byte> out) override { return step(in, out); }
    };
    Codec codec = test::xor_codec(".stub", "S");
    codec.name = "stub";
    codec.decoder = [step] {
        auto stub = std::make_unique<Stub>();
        stub->step = step;
        return stub;
    };
    return std::make_shared<const Codec>(std::move(codec));
}

TEST(UserCodec, ComesBackThroughEveryReader) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    const auto codec = registered();
    for (const std::size_t size : {0U, 1U, 255U, 256U, 1'500'000U}) {
        const Bytes content = random.bytes(size);
        const Bytes stream = test::encode(content, {codec, 5}, 2);
        EXPECT_EQ(detect(stream), codec);
        for (const unsigned threads : {1U, 2U}) {
            EXPECT_EQ(test::decode_random(stream, *codec, threads), content);
            EXPECT_EQ(test::decode_in_order(stream, *codec, threads, 1000), content);
        }
    }
}

TEST(UserCodec, MayBeJoinedAndIsFoundTruncated) {
    const auto codec = registered();
    const Bytes content = test::bytes_of("some content");
    const Bytes stream = test::encode(content, {codec, 1});
    EXPECT_EQ(test::decode_in_order(test::joined(stream, stream), *codec, 1, 1), test::joined(content, content));
    for (std::size_t size = 0; size < stream.size(); ++size) {
        const Error error = error_of([&] { test::decode_in_order(std::span(stream).first(size), *codec); });
        EXPECT_EQ(error.code(), ErrorCode::truncated) << size;
    }
    const Bytes garbage = test::joined(stream, test::bytes_of("\x01uxxx"));
    EXPECT_THAT(error_of([&] { test::decode_in_order(garbage, *codec, 1, 1); }).detail(),
                HasSubstr("behind the end of the user-xor stream"));
}

TEST(UserCodec, HasNoBlockTable) {
    const auto codec = registered();
    const Bytes stream = test::encode(test::bytes_of("x"), {codec, 1});
    EXPECT_EQ(block_source(std::make_shared<MemorySource>(stream), *codec, {}), nullptr);
}

TEST(UserCodec, ThatStandsStillIsAnError) {
    const auto still = with_decoder([](auto, auto) { return CoderStep{}; });
    EXPECT_THAT(error_of([&] { test::decode_in_order(test::bytes_of("Sx"), *still); }).detail(),
                HasSubstr("cannot go on"));
    const auto eager = with_decoder([](auto, auto) { return CoderStep{0, 0, true}; });
    EXPECT_THAT(error_of([&] { test::decode_in_order(test::bytes_of("Sx"), *eager); }).detail(),
                HasSubstr("ends before it begins"));
}

TEST(UserCodec, ThatThrowsIsHeard) {
    const auto broken = with_decoder([](auto, auto) -> CoderStep { throw test::Injected(); });
    for (const unsigned threads : {1U, 2U}) {
        EXPECT_THROW(test::decode_in_order(test::bytes_of("Sx"), *broken, threads), test::Injected);
    }
}

TEST(UserCodec, EncoderThatStandsStillIsAnError) {
    struct Still final : Encoder {
        CoderStep encode(std::span<const std::byte>, std::span<std::byte>, Input) override { return {}; }
    };
    Codec codec = test::xor_codec(".still", "T");
    codec.name = "still";
    codec.encoder = [](int) { return std::make_unique<Still>(); };
    const CodecChoice choice{std::make_shared<const Codec>(codec), 1};
    MemorySink sink;
    EXPECT_THAT(error_of([&] { encoded(sink, choice, {})->write(test::bytes_of("x")); }).detail(),
                HasSubstr("takes no more input"));
    EXPECT_THAT(error_of([&] { encoded(sink, choice, {})->finish(); }).detail(), HasSubstr("does not finish"));
}

TEST(UserCodec, RefusesToGoOnAfterAFailureOrItsEnd) {
    const auto codec = registered();
    test::FailingSink failing(0);
    const auto out = encoded(failing, {codec, 1}, {});
    EXPECT_THROW(out->write(test::bytes_of("x")), test::Injected);
    EXPECT_EQ(error_of([&] { out->finish(); }).code(), ErrorCode::usage);
    MemorySink sink;
    const auto done = encoded(sink, {codec, 1}, {});
    done->finish();
    EXPECT_EQ(error_of([&] { done->finish(); }).code(), ErrorCode::usage);
}

}  // namespace
}  // namespace jl
