// Files on a real web server (nginx): whole, by name, by rows, over TLS.
#ifdef JL_HAS_CURL

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <numeric>
#include <random>
#include <thread>

#include <jl/http.hpp>
#include <jl/inspect.hpp>
#include <jl/jl.hpp>

#include "remote/support/web_server.hpp"
#include "support/error.hpp"
#include "support/temp_dir.hpp"
#include "support/tool.hpp"

namespace jl {
namespace {

using test::error_of;
using test::WebServer;
using test::write_file;

constexpr std::uint64_t rows = 2000, columns = 1000;  // 8 MB

using Arrays = std::map<std::string, Array<float>>;

Arrays arrays(std::size_t count = 3) {
    Arrays made;
    for (std::size_t i = 0; i < count; ++i) {
        Array<float> array({rows, columns});
        std::iota(array.data(), array.data() + array.size(), static_cast<float>(i));
        made["array" + std::to_string(i)] = array;
    }
    return made;
}

void expect_equal(const Array<float>& found, const Array<float>& expected) {
    ASSERT_EQ(found.shape(), expected.shape());
    EXPECT_TRUE(std::equal(found.data(), found.data() + found.size(), expected.data()));
}

class Http : public testing::Test {
  protected:
    static void SetUpTestSuite() { web_ = new WebServer; }
    static void TearDownTestSuite() {
        delete web_;
        web_ = nullptr;
    }
    static WebServer& web() { return *web_; }
    // Requests that `work` makes.
    template <class Work>
    static std::vector<std::string> requests(Work work) {
        const std::size_t before = web().requests().size();
        work();
        std::vector<std::string> all = web().requests();
        all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(before));
        return all;
    }

  private:
    inline static WebServer* web_ = nullptr;
};

TEST_F(Http, WholeFilesAreLoadedWithOneRequest) {
    const Arrays expected = arrays();
    for (const std::string ending : {"", ".gz", ".zst", ".lz4"}) {
        dump(expected, web() / ("x.pkl" + ending),
             {.compress = ending.empty() ? Compress()
                                         : Compress(ending.substr(1) == "zst" ? "zstd"
                                                    : ending == ".gz"         ? "gzip"
                                                                              : ending.substr(1),
                                                    1)});
        Arrays typed;
        const auto made = requests([&] { typed = load<Arrays>(web().url("x.pkl" + ending)); });
        EXPECT_EQ(made.size(), 1U) << ending;
        ASSERT_EQ(typed.size(), 3U);
        expect_equal(typed["array2"], expected.at("array2"));
        const Value any = load(web().url("x.pkl" + ending));
        expect_equal(any["array1"].as<Array<float>>(), expected.at("array1"));
    }
}

TEST_F(Http, OpeningForOneArrayTakesOneRequestAndTheArrayAnother) {
    const Arrays expected = arrays();
    dump(expected, web() / "named.pkl");
    const auto opened = requests([&] { EXPECT_EQ(File(web().url("named.pkl")).size(), 3U); });
    EXPECT_EQ(opened.size(), 1U);
    const auto made = requests([&] {
        const File file(web().url("named.pkl"));
        expect_equal(file.array<float>("array1"), expected.at("array1"));
    });
    EXPECT_EQ(made.size(), 2U) << testing::PrintToString(made);
}

TEST_F(Http, ALongDirectoryTakesOneMoreRequest) {
    std::map<std::string, Array<float>> many;
    for (int i = 0; i < 4000; ++i)
        many["a rather long name of an array, number " + std::to_string(i)] = Array<float>({3});
    dump(many, web() / "many.pkl");
    const auto opened = requests([&] { EXPECT_EQ(File(web().url("many.pkl")).size(), 4000U); });
    EXPECT_EQ(opened.size(), 2U) << testing::PrintToString(opened);
}

TEST_F(Http, RowsBringTheirRangeAlone) {
    const Arrays expected = arrays();
    dump(expected, web() / "rows.pkl");
    const File file(web().url("rows.pkl"));
    const auto made = requests([&] {
        const Array<float> slice = file.slice<float>("array0", 1000, 1010);
        EXPECT_TRUE(
            std::equal(slice.data(), slice.data() + slice.size(), expected.at("array0").data() + 1000 * columns));
    });
    ASSERT_LE(made.size(), 2U) << testing::PrintToString(made);
    for (const std::string& line : made) EXPECT_NE(line.find(" 206 bytes="), line.npos) << line;
}

TEST_F(Http, RowsOfCompressedFilesBringTheirBlocks) {
    const Arrays expected = arrays();
    dump(expected, web() / "rows.pkl.gz", {.compress = {"gzip", 1}});
    const File file(web().url("rows.pkl.gz"));
    const auto made = requests([&] {
        const Array<float> slice = file.slice<float>("array0", 1000, 1010);
        EXPECT_TRUE(
            std::equal(slice.data(), slice.data() + slice.size(), expected.at("array0").data() + 1000 * columns));
    });
    EXPECT_LE(made.size(), 4U) << testing::PrintToString(made);
}

TEST_F(Http, ManyThreadsReadOneFile) {
    const Arrays expected = arrays();
    dump(expected, web() / "threads.pkl");
    const File file(web().url("threads.pkl"));
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            const std::string name = "array" + std::to_string(t % 3);
            expect_equal(file.array<float>(name), expected.at(name));
        });
}

TEST_F(Http, ArchivesAreRead) {
    EXPECT_EQ(test::run_tool(
                  "cd " + test::quoted(web() / "") +
                  " && python3 -c \"import zipfile,struct; z=zipfile.ZipFile('a.npz','w'); h=b\\\"{'descr': '<i4', "
                  "'fortran_order': False, 'shape': (2,), }\\\"; h=h.ljust(117)+b'\\n'; z.writestr('x.npy', "
                  "b'\\x93NUMPY\\x01\\x00'+struct.pack('<H',len(h))+h+struct.pack('<2i',7,8))\"")
                  .status,
              0);
    EXPECT_EQ((load<std::map<std::string, std::vector<int>>>(web().url("a.npz"))),
              (std::map<std::string, std::vector<int>>{{"x", {7, 8}}}));
}

TEST_F(Http, VerifyInspectAndDecodeTakeUrls) {
    dump(arrays(), web() / "v.pkl");
    dump(arrays(), web() / "v.pkl.gz", {.compress = {"gzip", 1}});
    EXPECT_TRUE(verify(web().url("v.pkl")).ok());
    EXPECT_EQ(verify(web().url("v.pkl")).arrays(), 3U);
    EXPECT_EQ(inspect(web().url("v.pkl.gz")).codec, "gzip");
    EXPECT_EQ(inspect(web().url("v.pkl")).format, "jl 1.0");
    MemorySink decoded;
    decode(web().url("v.pkl.gz"), decoded);
    EXPECT_EQ(decoded.bytes().size() > 24'000'000, true);
    std::string damaged = test::read_file(web() / "v.pkl");
    damaged[damaged.size() / 2] ^= 1;
    write_file(web() / "damaged.pkl", damaged);
    EXPECT_FALSE(verify(web().url("damaged.pkl")).ok());
    EXPECT_EQ(error_of([] { (void)load<Arrays>(web().url("damaged.pkl")); }).code(), ErrorCode::checksum);
}

TEST_F(Http, WhatIsNotThereIsMissing) {
    const Error error = error_of([] { (void)load(web().url("nothing.pkl?token=secret")); });
    EXPECT_EQ(error.code(), ErrorCode::missing);
    EXPECT_EQ(error.file(), web().url("nothing.pkl?***"));
    EXPECT_EQ(error_of([] { (void)File(web().url("nothing.pkl")); }).code(), ErrorCode::missing);
}

TEST_F(Http, EmptyAndTruncatedFilesAreTold) {
    write_file(web() / "empty.pkl", "");
    EXPECT_EQ(error_of([] { (void)load(web().url("empty.pkl")); }).code(), ErrorCode::truncated);
    EXPECT_EQ(error_of([] { (void)File(web().url("empty.pkl")); }).code(), ErrorCode::unsupported);
    dump(arrays(1), web() / "whole.pkl");
    const std::string whole = test::read_file(web() / "whole.pkl");
    write_file(web() / "cut.pkl", whole.substr(0, whole.size() / 2));
    EXPECT_EQ(error_of([] { (void)load<Arrays>(web().url("cut.pkl")); }).code(), ErrorCode::truncated);
}

TEST_F(Http, RedirectsAreFollowedSoFar) {
    dump(7, web() / "seven.pkl");
    EXPECT_EQ(load<int>(web().url("moved/seven.pkl")), 7);
    EXPECT_EQ(error_of([] { (void)load(web().url("round/x")); }).code(), ErrorCode::io);
}

TEST_F(Http, PasswordsOpenDoorsAndStayOutOfMessages) {
    dump(7, web() / "seven.pkl");
    const std::string host = web().url("").substr(7);
    EXPECT_EQ(load<int>("http://user:open%20sesame@" + host + "secret/seven.pkl"), 7);
    const Error error = error_of([&] { (void)load("http://user:wrong-word@" + host + "secret/seven.pkl"); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_EQ(std::string(error.what()).find("wrong-word"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("401"), std::string::npos) << error.what();
}

TEST_F(Http, CertificatesAreVerified) {
    dump(7, web() / "seven.pkl");
    const std::string url = web().secure_url("seven.pkl");
    const Error error = error_of([&] { (void)load(url); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_NE(std::string(error.what()).find("certificate"), std::string::npos) << error.what();
    HttpStream stream(url, {.ca_file = web().ca_file()});
    EXPECT_EQ(load<int>(stream), 7);
    ::setenv("SSL_CERT_FILE", web().ca_file().c_str(), 1);
    EXPECT_EQ(load<int>(url), 7);
    // From https there is no way back to http.
    EXPECT_EQ(error_of([] { (void)load(web().secure_url("down/x")); }).code(), ErrorCode::io);
    EXPECT_EQ(error_of([] { (void)load("HTTPS" + web().secure_url("down/x").substr(5)); }).code(), ErrorCode::io);
    ::unsetenv("SSL_CERT_FILE");
}

TEST_F(Http, NothingIsMappedAndNothingIsWritten) {
    dump(7, web() / "seven.pkl");
    const std::string url = web().url("seven.pkl");
    EXPECT_EQ(error_of([&] { (void)load(url, {.mmap_mode = MmapMode::r}); }).code(), ErrorCode::unsupported);
    EXPECT_EQ(error_of([&] { (void)File(url, {.mmap_mode = MmapMode::r_plus}); }).code(), ErrorCode::unsupported);
    EXPECT_EQ(error_of([&] { dump(7, url); }).code(), ErrorCode::unsupported);
    EXPECT_EQ(error_of([] { (void)load("gopher://host/x"); }).code(), ErrorCode::unsupported);
}

TEST_F(Http, ValuesLeaveTheirArraysAtTheServer) {
    const Arrays expected = arrays();
    dump(expected, web() / "left.pkl");
    dump(expected, web() / "left.pkl.gz", {.compress = {"gzip", 1}});
    const LoadOptions leave{.mmap_mode = MmapMode::r, .mmap_fallback = Fallback::on_demand};
    for (const std::string name : {"left.pkl", "left.pkl.gz"}) {
        const std::uint64_t before = web().bytes_sent();
        const Value value = load(web().url(name), leave);
        EXPECT_TRUE(value["array1"].is_deferred());
        EXPECT_LT(web().bytes_sent() - before, 4U << 20) << name;
        expect_equal(value["array1"].as<Array<float>>(), expected.at("array1"));
    }
}

TEST_F(Http, JlunpackLooksByRange) {
    Array<float> array({3 * rows, columns});
    std::minstd_rand random;
    for (std::size_t i = 0; i < array.size(); ++i) array.data()[i] = static_cast<float>(random()) / 3;
    const Arrays noise{{"array", array}};
    dump(noise, web() / "look.pkl");  // 24 MB
    dump(noise, web() / "look.pkl.gz", {.compress = {"gzip", 1}});
    for (const std::string name : {"look.pkl", "look.pkl.gz"}) {
        for (const std::string verb : {"", " --json", " --cat /array"}) {
            const std::uint64_t before = web().bytes_sent();
            const test::ToolResult result = test::run_tool(JL_JLUNPACK " " + test::quoted(web().url(name)) + verb);
            EXPECT_EQ(result.status, 0) << result.output;
            EXPECT_NE(result.output.find(verb == " --cat /array" ? "..." : "array"), std::string::npos);
            EXPECT_LT(web().bytes_sent() - before, std::filesystem::file_size(web() / name) / 2) << name << verb;
        }
    }
    // Without a table of blocks, all of it comes.
    EXPECT_EQ(
        test::run_tool("gzip -c " + test::quoted(web() / "look.pkl") + " > " + test::quoted(web() / "other.pkl.gz"))
            .status,
        0);
    EXPECT_EQ(test::run_tool(JL_JLUNPACK " " + test::quoted(web().url("other.pkl.gz"))).status, 0);
}

TEST_F(Http, ToolsTakeUrls) {
    dump(std::map<std::string, int>{{"seven", 7}}, web() / "tool.pkl.gz");
    const std::string url = test::quoted(web().url("tool.pkl.gz"));
    const test::ToolResult cat = test::run_tool(JL_JLUNPACK " " + url + " --cat /seven");
    EXPECT_EQ(cat.output, "7\n");
    EXPECT_EQ(test::run_tool(JL_JLUNPACK " " + url + " --verify -q").status, 0);
    EXPECT_EQ(test::run_tool(JL_JLUNPACK " " + test::quoted(web().url("none.pkl"))).status, 2);
    const test::TempDir dir;
    EXPECT_EQ(test::run_tool(JL_JLPACK " -q " + test::quoted(dir / "y.pkl") + " again=" + url).output, "");
    EXPECT_EQ(load(dir / "y.pkl")["again"]["seven"].as<int>(), 7);
}

}  // namespace
}  // namespace jl

#endif
