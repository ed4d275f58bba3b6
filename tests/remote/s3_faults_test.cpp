// An S3 server that is slow, drops and lies: what was meant after bounded retries, or an error and nothing left behind.
#if defined(JL_HAS_CURL) && defined(JL_HAS_CRYPTO)

#include <algorithm>
#include <chrono>
#include <gtest/gtest.h>
#include <thread>

#include <jl/jl.hpp>
#include <jl/s3.hpp>

#include "remote/support/on_s3.hpp"
#include "support/error.hpp"

namespace jl {
namespace {

using test::error_of;
using test::S3Server;

class S3Faults : public test::OnS3 {
  protected:
    static void SetUpTestSuite() {
        OnS3::SetUpTestSuite();
        if (has_s3()) put("old", 1);
    }

    static std::vector<std::byte> content(int number) {
        std::vector<std::byte> bytes(std::size_t{12} << 20);  // three parts
        for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>((i >> 12U) + i * 7);
        bytes[0] = static_cast<std::byte>(number);
        return bytes;
    }
    static void put(const std::string& key, int number) {
        S3Sink sink(s3().place(key));
        sink.write(content(number));
        sink.commit();
    }
    static bool holds(const std::string& key, int number) {
        std::vector<std::byte> found(content(number).size());
        S3Stream stream(s3().place(key));
        for (std::size_t got = 0; got < found.size();) {
            const std::size_t count = stream.read(std::span(found).subspan(got));
            if (count == 0) return false;
            got += count;
        }
        return found == content(number);
    }
    static std::size_t uploads() {
        const auto keys = s3().keys();
        return static_cast<std::size_t>(
            std::count_if(keys.begin(), keys.end(), [](const auto& key) { return key.starts_with("upload"); }));
    }
};

TEST_F(S3Faults, WhatPassesIsTriedAgain) {
    for (const std::string kind : {"slow", "late", "lost", "drop"}) {
        for (const std::string request : {"POST uploads=", "PUT partNumber=2", "POST uploadId="}) {
            s3().misbehave("2 " + request + " " + kind);
            put("again", 2);
            EXPECT_TRUE(holds("again", 2)) << request << " " << kind;
        }
        s3().misbehave("2 GET again " + kind);
        EXPECT_TRUE(holds("again", 2)) << kind;
    }
}

TEST_F(S3Faults, AnErrorInsideASuccessIsTriedAgain) {
    s3().misbehave("2 POST uploadId= inside");
    put("inside", 3);
    EXPECT_TRUE(holds("inside", 3));
    s3().misbehave("9 POST uploadId= inside");
    const Error error = error_of([] { put("old", 9); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_NE(std::string(error.what()).find("InternalError"), std::string::npos) << error.what();
    EXPECT_TRUE(holds("old", 1));
}

// A beginning whose answer was lost leaves an upload that nobody knows, which is why the second case is not one of
// them.
TEST_F(S3Faults, WhatDoesNotPassLeavesTheOldObjectAndNothingElse) {
    const std::size_t before = uploads();
    for (const std::string fault : {"POST uploads= slow", "PUT partNumber=1 lost", "PUT partNumber=3 slow",
                                    "PUT partNumber=3 drop", "POST uploadId= slow", "POST uploadId= lost"}) {
        s3().misbehave("9 " + fault);
        const Error error = error_of([] { put("old", 9); });
        EXPECT_EQ(error.code(), ErrorCode::io) << fault;
        EXPECT_NE(std::string(error.what()).find("after 3 attempts"), std::string::npos) << error.what();
        s3().misbehave("");
        EXPECT_TRUE(holds("old", 1)) << fault;
        EXPECT_EQ(uploads(), before) << fault;
    }
}

TEST_F(S3Faults, AFailedSinkTakesNoMore) {
    S3Place place = s3().place("old");
    place.connections = 1;
    S3Sink sink(place);
    s3().misbehave("9 PUT partNumber=1 slow");
    EXPECT_EQ(error_of([&] { sink.write(content(9)); }).code(), ErrorCode::io);
    s3().misbehave("");
    EXPECT_EQ(error_of([&] { sink.write(content(9)); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { sink.commit(); }).code(), ErrorCode::usage);
    EXPECT_TRUE(holds("old", 1));
}

TEST_F(S3Faults, AnUploadThatSomebodyAbortsIsNotTakenForDone) {
    S3Sink sink(s3().place("old"));
    sink.write(content(9));
    s3().abort_uploads();
    EXPECT_EQ(error_of([&] { sink.commit(); }).code(), ErrorCode::io);
    EXPECT_TRUE(holds("old", 1));
}

TEST_F(S3Faults, PartsAreSentAtOnceAndPutTogetherInOrder) {
    const auto seconds = [](unsigned connections) {
        S3Place place = s3().place("parts");
        place.connections = connections;
        s3().misbehave("99 PUT partNumber= distant");
        const auto begin = std::chrono::steady_clock::now();
        S3Sink sink(place);
        for (int i = 0; i < 2; ++i) sink.write(content(4));
        sink.commit();
        s3().misbehave("");
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    const double one = seconds(1), several = seconds(4);  // five parts, a second each
    EXPECT_GT(one, 5.0);
    EXPECT_LT(several, one - 2.0);
    RecordProperty("seconds", std::to_string(one) + " with 1 connection, " + std::to_string(several) + " with 4");
    EXPECT_TRUE(holds("parts", 4));
}

TEST_F(S3Faults, APartThatIsLateComesIntoItsPlace) {
    for (const std::string kind : {"distant", "slow", "lost", "drop"}) {
        s3().misbehave("2 PUT partNumber=1 " + kind);
        put("late", 5);
        EXPECT_TRUE(holds("late", 5)) << kind;
    }
}

TEST_F(S3Faults, APartThatFailsEndsTheOthers) {
    const std::size_t before = uploads();
    for (const unsigned connections : {1U, 2U, 8U}) {
        s3().misbehave("99 PUT partNumber=2 slow");
        const Error error = error_of([&] {
            S3Place place = s3().place("old");
            place.connections = connections;
            S3Sink sink(place);
            for (int i = 0; i < 4; ++i) sink.write(content(9));
            sink.commit();
        });
        EXPECT_EQ(error.code(), ErrorCode::io);
        EXPECT_NE(std::string(error.what()).find("SlowDown"), std::string::npos) << error.what();
        s3().misbehave("");
        EXPECT_TRUE(holds("old", 1));
        EXPECT_EQ(uploads(), before);
    }
}

TEST_F(S3Faults, PausesOfWhoWritesAreNoFailures) {
    S3Sink sink(s3().place("paused"));
    const std::vector<std::byte> bytes = content(6);
    for (std::size_t at = 0; at < bytes.size(); at += std::size_t{6} << 20) {
        sink.write(std::span(bytes).subspan(at, std::size_t{6} << 20));
        std::this_thread::sleep_for(std::chrono::milliseconds(1'200));
    }
    sink.commit();
    EXPECT_TRUE(holds("paused", 6));
}

TEST_F(S3Faults, AnswersWithoutAnEndAreLeft) {
    for (const std::string request : {"POST uploads=", "PUT partNumber=2", "POST uploadId="}) {
        s3().misbehave("9 " + request + " endless");
        EXPECT_EQ(error_of([] { put("old", 9); }).code(), ErrorCode::io) << request;
        s3().misbehave("");
        EXPECT_TRUE(holds("old", 1)) << request;
    }
}

TEST_F(S3Faults, ACompletionIsTriedAsOftenAsAnyRequest) {
    s3().misbehave("99 POST uploadId= inside");
    const std::size_t before = s3().requests().size();
    EXPECT_EQ(error_of([] { put("old", 9); }).code(), ErrorCode::io);
    s3().misbehave("");
    std::size_t completions = 0;
    const std::vector<std::string> requests = s3().requests();
    for (std::size_t i = before; i < requests.size(); ++i)
        completions += requests[i].starts_with("POST") && requests[i].find("uploadId=") != std::string::npos ? 1 : 0;
    EXPECT_EQ(completions, 3U);
}

TEST_F(S3Faults, WhatAStoreRepeatsOfTheSecretsIsNotShown) {
    const S3Place place = s3().place("old", "role");
    s3().misbehave("9 GET old echo");
    const std::string shown = error_of([&] { S3Source{place}; }).what();
    EXPECT_NE(shown.find("You sent"), std::string::npos) << shown;
    EXPECT_EQ(shown.find(place.session_token), std::string::npos) << shown;
    EXPECT_EQ(shown.find(place.key_id), std::string::npos) << shown;
}

TEST_F(S3Faults, TheNumberOfConnectionsIsBounded) {
    for (const unsigned connections : {0U, 65U}) {
        S3Place place = s3().place("old");
        place.connections = connections;
        EXPECT_EQ(error_of([&] { S3Sink{place}; }).code(), ErrorCode::usage);
    }
}

TEST_F(S3Faults, AnswersThatEndEarlyAreTakenUpWhereTheyEnded) {
    s3().misbehave("1 GET old cut");
    EXPECT_TRUE(holds("old", 1));
    s3().misbehave("2 GET old cut");
    const S3Source source(s3().place("old"));
    std::vector<std::byte> piece(std::size_t{4} << 20);
    s3().misbehave("2 GET old cut");
    source.read_at(0, piece);
    EXPECT_TRUE(std::equal(piece.begin(), piece.end(), content(1).begin()));
}

TEST_F(S3Faults, LiesAreErrors) {
    for (const std::string kind : {"short", "shifted"}) {
        s3().misbehave("9 GET old " + kind);
        EXPECT_EQ(error_of([] { S3Source{s3().place("old")}; }).code(), ErrorCode::io) << kind;
        s3().misbehave("");
        const S3Source source(s3().place("old"));
        s3().misbehave("9 GET old " + kind);
        std::vector<std::byte> piece(std::size_t{4} << 20);
        EXPECT_EQ(error_of([&] { source.read_at(0, piece); }).code(), ErrorCode::io) << kind;
    }
}

TEST_F(S3Faults, AServerThatIsGoneIsAnError) {
    S3Server other;
    S3Sink sink(other.place("k"));
    sink.write(content(1));
    const S3Place place = other.place("k");
    other.stop();
    EXPECT_EQ(error_of([&] { sink.commit(); }).code(), ErrorCode::io);
    EXPECT_EQ(error_of([&] { S3Source{place}; }).code(), ErrorCode::io);
}

}  // namespace
}  // namespace jl

#endif
