// A web server that lies, drops and stalls: a right value after bounded retries, or an error; never a wrong value.
#ifdef JL_HAS_CURL

#include <chrono>
#include <gtest/gtest.h>
#include <map>
#include <numeric>

#include <jl/http.hpp>
#include <jl/jl.hpp>

#include "remote/support/web_server.hpp"
#include "support/error.hpp"

namespace jl {
namespace {

using test::error_of;
using test::LyingServer;

using Arrays = std::map<std::string, Array<float>>;

class HttpFaults : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        lying_ = new LyingServer;
        Array<float> array({1000, 1000});
        std::iota(array.data(), array.data() + array.size(), 0.0F);
        dump(Arrays{{"x", array}}, lying() / "x.pkl");
    }
    static void TearDownTestSuite() {
        delete lying_;
        lying_ = nullptr;
    }
    static LyingServer& lying() { return *lying_; }
    static std::string url(const std::string& behaviour) { return lying().url(behaviour, "x.pkl"); }
    static HttpOptions quick() {
        return {.stall_timeout = std::chrono::seconds(1), .retries = 2, .backoff = std::chrono::milliseconds(1)};
    }

    static void load_in_order(const std::string& behaviour) {
        HttpStream stream(url(behaviour), quick());
        const auto found = load<Arrays>(stream);
        expect_right(found.at("x"));
    }
    static void read_by_name(const std::string& behaviour) {
        const File file(std::make_shared<HttpSource>(url(behaviour), quick()));
        expect_right(file.array<float>("x"));
    }
    static void expect_right(const Array<float>& array) {
        ASSERT_EQ(array.size(), 1'000'000U);
        for (std::size_t i = 0; i < array.size(); i += 997) ASSERT_EQ(array.data()[i], static_cast<float>(i));
    }

  private:
    inline static LyingServer* lying_ = nullptr;
};

TEST_F(HttpFaults, AnHonestServerIsFine) {
    load_in_order("honest");
    read_by_name("honest");
}

TEST_F(HttpFaults, LostConnectionsAreTakenUpWhereTheyEnded) {
    load_in_order("drop1500000");
    read_by_name("drop1500000");
}

TEST_F(HttpFaults, ConnectionsThatAreLostAgainAndAgainEndInAnError) {
    const Error in_order = error_of([] { load_in_order("drop0"); });
    EXPECT_EQ(in_order.code(), ErrorCode::io);
    EXPECT_NE(std::string(in_order.what()).find("after 3 attempts"), std::string::npos) << in_order.what();
    EXPECT_EQ(error_of([] { read_by_name("drop0"); }).code(), ErrorCode::io);
}

TEST_F(HttpFaults, ABusyServerIsAskedAgain) {
    load_in_order("busy2");
    HttpStream patient(url("busy3"), {.retries = 3, .backoff = std::chrono::milliseconds(1)});
    expect_right(load<Arrays>(patient).at("x"));
    const Error error = error_of([] { read_by_name("busy99"); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_NE(std::string(error.what()).find("503, after 3 attempts"), std::string::npos) << error.what();
}

TEST_F(HttpFaults, ServersWithoutRangesAreForWholeLoads) {
    load_in_order("whole");
    EXPECT_EQ(error_of([] { read_by_name("whole"); }).code(), ErrorCode::unsupported);
}

TEST_F(HttpFaults, RangesThatLieAreErrors) {
    for (const char* const behaviour : {"shifted", "cut", "long", "changing", "growing"})
        EXPECT_EQ(error_of([&] { read_by_name(behaviour); }).code(), ErrorCode::io) << behaviour;
}

TEST_F(HttpFaults, AFileThatChangesWhileItIsReadIsAnError) {
    HttpSource source(url("changing"), quick());
    std::vector<std::byte> piece(10);
    const Error error = error_of([&] { source.read_at(0, piece); });
    EXPECT_NE(std::string(error.what()).find("changed while it was read"), std::string::npos) << error.what();
}

TEST_F(HttpFaults, SlowServersAreNotWaitedForForEver) {
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(
        error_of([] { HttpStream(url("silent"), {.stall_timeout = std::chrono::seconds(1), .retries = 0}); }).code(),
        ErrorCode::io);
    EXPECT_EQ(
        error_of([] { HttpSource(url("silent"), {.stall_timeout = std::chrono::seconds(1), .retries = 0}); }).code(),
        ErrorCode::io);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

TEST_F(HttpFaults, StalledAnswersAreTakenUpWhereTheyEnded) { load_in_order("stall"); }

TEST_F(HttpFaults, ErrorsThatDoNotEndAreNotWaitedFor) {
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(error_of([] { load_in_order("endless"); }).code(), ErrorCode::missing);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(12));
}

TEST_F(HttpFaults, RedirectsHaveALimit) {
    load_in_order("hop5");
    EXPECT_EQ(error_of([] { load_in_order("hop6"); }).code(), ErrorCode::io);
}

TEST_F(HttpFaults, NoHttpIsAnError) {
    EXPECT_EQ(error_of([] { load_in_order("garbage"); }).code(), ErrorCode::io);
    EXPECT_EQ(error_of([] { HttpStream("http://127.0.0.1:1/x", quick()); }).code(), ErrorCode::io);
}

TEST_F(HttpFaults, AHostThatNobodyKnowsIsAskedForAgain) {
    for (const char* const url : {"http://nobody.invalid/x", "http://127.0.0.1:1/x"}) {
        const Error error = error_of([&] { HttpSource(url, quick()); });
        EXPECT_EQ(error.code(), ErrorCode::io);
        EXPECT_NE(std::string(error.what()).find("after 3 attempts"), std::string::npos) << error.what();
    }
}

}  // namespace
}  // namespace jl

#endif
