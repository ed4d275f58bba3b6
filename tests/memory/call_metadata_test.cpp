#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <jl/call_metadata.hpp>

#include "memory/json_text.hpp"

namespace jl {
namespace {

TEST(CallMetadataText, ComesBackAsItWas) {
    CallMetadata call{.function = "a\"b\\\n\x01 \xC3\xBC", .version = "3", .duration = 1.25};
    call.time = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
    call.output_bytes = 12'345'678'901;
    call.input_args = {{"a", "array([1., 2.])"}, {"b/c", "'\xF0\x9F\x98\x80'"}};
    const auto back = CallMetadata::from_json(call.to_json());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->function, call.function);
    EXPECT_EQ(back->version, "3");
    EXPECT_EQ(back->duration, 1.25);
    EXPECT_EQ(back->time, call.time);
    EXPECT_EQ(back->output_bytes, call.output_bytes);
    EXPECT_EQ(back->input_args, call.input_args);
}

TEST(CallMetadataText, WhatJoblibWritesIsRead) {
    const auto call = CallMetadata::from_json(
        R"({"duration": 0.0012, "input_args": {"x": "4", "s": "'\u00fc\ud83d\ude00'"}, "time": 1700000000.5})");
    ASSERT_TRUE(call);
    EXPECT_EQ(call->duration, 0.0012);
    EXPECT_THAT(call->input_args,
                ::testing::ElementsAre(::testing::Pair("x", "4"), ::testing::Pair("s", "'\xC3\xBC\xF0\x9F\x98\x80'")));
    EXPECT_EQ(call->time.time_since_epoch() / std::chrono::milliseconds(1), 1'700'000'000'500);
}

TEST(CallMetadataText, WhatIsNoObjectIsRefused) {
    for (const char* const text : {"", "{", "[1]", "{\"a\" 1}", "{\"a\": }", "{} x", "{\"a\": \"\\x\"}", "{\"a\": \"b",
                                   "{\"a\": \"\\ud8", "null", "{\"a\": [1, }"})
        EXPECT_FALSE(CallMetadata::from_json(text)) << text;
    EXPECT_FALSE(CallMetadata::from_json(std::string(100'000, '{')));
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "{\"a\":";
    EXPECT_FALSE(CallMetadata::from_json(deep));
}

TEST(CallMetadataText, MembersOfOtherKindsAreLeftEmpty) {
    const auto call = CallMetadata::from_json(
        R"({"duration": "long", "time": 1e300, "function": 3, "input_args": [1], "output_bytes": -5, "x": {"y": [true]}})");
    ASSERT_TRUE(call);
    EXPECT_EQ(call->duration, 0);
    EXPECT_EQ(call->function, "");
    EXPECT_TRUE(call->input_args.empty());
    EXPECT_EQ(call->output_bytes, 0U);
    EXPECT_EQ(CallMetadata::from_json("{\"time\": -1e300}")->time.time_since_epoch().count(), 0);
    EXPECT_EQ(CallMetadata::from_json("{\"duration\": 1e999}")->duration, 0);
}

TEST(CallMetadataText, WhatIsNotUtf8IsReplaced) {
    EXPECT_EQ(quoted_json("a\xFF\xC3z"), "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\"");
    for (const std::string wrong : {"\xED\xA0\x80", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80"})
        EXPECT_EQ(quoted_json(wrong).find(wrong), std::string::npos);
    for (const std::string right : {"\xED\x9F\xBF", "\xE0\xA0\x80", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
        EXPECT_EQ(quoted_json(right), "\"" + right + "\"");
}

TEST(CallMetadataText, ResultsExpireByTheirAge) {
    CallMetadata call;
    const auto valid = expires_after(std::chrono::hours(1));
    EXPECT_FALSE(valid(call));  // of 1970: its time is lost
    call.time = std::chrono::system_clock::now() - std::chrono::minutes(59);
    EXPECT_TRUE(valid(call));
    call.time -= std::chrono::minutes(2);
    EXPECT_FALSE(valid(call));
}

}  // namespace
}  // namespace jl
