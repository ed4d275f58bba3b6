// What is S3's own about a store of cached results: its keys, pages, long outputs, servers that misbehave.
#if defined(JL_HAS_CURL) && defined(JL_HAS_CRYPTO) && defined(JL_HAS_XXHASH)

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <jl/jl.hpp>

#include "io/remote/s3_bucket.hpp"
#include "remote/support/on_s3.hpp"
#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class S3StoreTest : public OnS3 {
  protected:
    void SetUp() override {
        OnS3::SetUp();
        if (has_s3()) s3().set_environment();
    }

    // Each test has its own part of the bucket.
    std::string prefix() const {
        return ::testing::UnitTest::GetInstance()->current_test_info()->name() + std::string("/a b&c");
    }
    std::string url() const {
        return "s3://bucket/" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) +
               "/a%20b%26c";
    }
    std::shared_ptr<StoreBackend> open() const { return open_store("s3", {url(), {}}); }
    std::vector<std::string> keys() const {
        std::vector<std::string> all = s3().keys();
        std::erase_if(all, [&](const std::string& key) { return !key.starts_with(prefix()); });
        return all;
    }
    std::size_t requests() const { return s3().requests().size(); }
    void put(StoreBackend& store, const EntryId& id, std::span<const std::byte> output) const {
        const auto writer = store.create(id);
        writer->output().write(output);
        writer->commit("{}");
    }
    void put(StoreBackend& store, const std::string& output) const {
        put(store, id_, std::as_bytes(std::span(output)));
    }

    const EntryId id_{"square", "0123456789abcdef0123456789abcdef"};
};

TEST_F(S3StoreTest, KeepsResultsThatOtherProgramsRead) {
    int calls = 0;
    const auto square = [&](const std::vector<double>& xs) {
        ++calls;
        std::vector<double> result;
        for (const double x : xs) result.push_back(x * x);
        return result;
    };
    const Memory first(url(), {.verbose = 0, .backend = "s3"}), second(url(), {.verbose = 0, .backend = "s3"});
    const std::vector<double> xs(100'000, 3);
    EXPECT_EQ(first.cache("square", square)(xs)[99'999], 9);
    EXPECT_EQ(second.cache("square", square)(xs)[99'999], 9);
    EXPECT_EQ(calls, 1);
    const EntryId id = first.cache("square", square).entry(xs);
    const std::string entry = prefix() + "/square/" + id.arguments;
    EXPECT_THAT(keys(), ElementsAre(entry + "/.used", entry + "/metadata.json", entry + "/output.pkl"));
    const TempDir dir;
    write_file(dir / "output.pkl", s3().get(entry + "/output.pkl"));
    EXPECT_EQ(jl::load<std::vector<double>>(dir / "output.pkl")[99'999], 9);
    EXPECT_EQ(first.store()->place_of(id), "s3://bucket/" + entry);
    second.clear();
    EXPECT_THAT(keys(), IsEmpty());
}

TEST_F(S3StoreTest, AHitOnAShortResultTakesTwoRequestsAndOneNowAndThen) {
    const auto store = open();
    put(*store, "output");
    const std::size_t before = requests();
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(store->find(id_, Use::counts));
    EXPECT_EQ(requests() - before, 11U);
}

TEST_F(S3StoreTest, ALongOutputIsReadByRangesUntilItIsReplaced) {
    const auto store = open();
    std::vector<std::byte> output(std::size_t{20} << 20, std::byte{1});
    output.back() = std::byte{2};
    put(*store, id_, output);
    const auto found = store->find(id_, Use::counts);
    ASSERT_TRUE(found && found->source);
    EXPECT_EQ(found->source->size(), output.size());
    EXPECT_TRUE(found->source->view().empty());
    std::vector<std::byte> last(10);
    found->source->read_at(output.size() - 10, last);
    EXPECT_EQ(last[9], std::byte{2});
    put(*store, "new");
    EXPECT_EQ(error_of([&] { found->source->read_at(0, last); }).code(), ErrorCode::io);
}

TEST_F(S3StoreTest, ALongListComesPageByPage) {
    S3Place place = s3().place(prefix());
    const detail::S3Bucket bucket(place, 3);
    std::vector<std::string> names;
    for (int i = 10; i < 20; ++i) names.push_back("/" + std::to_string(i) + " ü+&<\"'>%2F");
    for (const std::string& name : names) bucket.put(name, {});
    std::vector<std::string> found;
    const std::size_t before = requests();
    bucket.list("/1", [&](const detail::S3Object& object) { found.push_back(object.name); });
    EXPECT_EQ(found, names);
    EXPECT_EQ(requests() - before, 4U);
    found.clear();
    bucket.list("/15", [&](const detail::S3Object& object) { found.push_back(object.name); });
    EXPECT_EQ(found, std::vector{names[5]});
    bucket.remove(names);
    bucket.list("", [&](const detail::S3Object& object) { ADD_FAILURE() << object.name; });
    bucket.remove(names);
}

TEST_F(S3StoreTest, WhatOthersKeepUnderThePrefixStays) {
    const auto store = open();
    put(*store, "output");
    const std::vector<std::string> others{"/notes.txt", "/square/readme", "/square/" + id_.arguments + "/extra"};
    for (const std::string& name : others) s3().put(prefix() + name, "mine");
    s3().put(prefix() + "2/square/" + id_.arguments + "/output.pkl", "another cache");
    int entries = 0;
    store->list([&](const EntryInfo&) { ++entries; });
    EXPECT_EQ(entries, 1);
    store->remove_function("square");
    store->clear();
    EXPECT_EQ(keys().size(), 4U);
}

TEST_F(S3StoreTest, NamesThatFoldersDoNotTellAreKeptBesideThem) {
    const auto store = open();
    const EntryId odd{"Model::predict", id_.arguments};
    put(*store, odd, {});
    EXPECT_THAT(keys()[0], HasSubstr("Model%3A%3Apredict+"));
    const auto again = open();
    std::vector<EntryId> found;
    again->list([&](const EntryInfo& entry) { found.push_back(entry.id); });
    EXPECT_THAT(found, ElementsAre(odd));
    s3().put(keys()[0], "another name");
    found.clear();
    again->list([&](const EntryInfo& entry) { found.push_back(entry.id); });
    ASSERT_EQ(found.size(), 1U);
    EXPECT_THAT(found[0].function, HasSubstr("Model%3A%3Apredict+"));
}

TEST_F(S3StoreTest, SlowAnswersAreWaitedForAndLostOnesAskedForAgain) {
    const auto store = open();
    put(*store, "output");
    for (const char* const kind : {"slow", "lost", "cut", "drop"}) {
        s3().misbehave(std::string("1 GET list-type ") + kind + "\n1 GET output.pkl " + kind);
        int entries = 0;
        store->list([&](const EntryInfo&) { ++entries; });
        EXPECT_EQ(entries, 1) << kind;
        EXPECT_EQ(store->find(id_, Use::silent)->source->size(), 6U) << kind;
    }
}

TEST_F(S3StoreTest, AnAnswerThatIsNoListAndARemovalThatIsNoneAreErrors) {
    const auto store = open();
    put(*store, "output");
    s3().misbehave("1 GET list-type inside");
    Error error = error_of([&] { store->list([](const EntryInfo&) {}); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_THAT(error.what(), HasSubstr("s3://bucket/" + prefix()));
    s3().misbehave("1 POST delete inside");
    error = error_of([&] { store->remove(id_); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_THAT(error.what(), HasSubstr("InternalError"));
    EXPECT_TRUE(store->contains(id_));
}

TEST_F(S3StoreTest, ABucketThatIsNotThereIsAWarningAndNoResultIsLost) {
    std::string said;
    const Memory mem("s3://nobody-has-this/cache",
                     {.verbose = 0, .backend = "s3", .logger = [&](const auto& message) { said += message.text; }});
    EXPECT_EQ(mem.cache("f", [](int x) { return x; })(5), 5);
    EXPECT_THAT(said, HasSubstr("NoSuchBucket"));
}

TEST_F(S3StoreTest, RefusesOptionsAndOtherUrls) {
    EXPECT_EQ(error_of([&] { open_store("s3", {url(), {{"bytes", "1M"}}}); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { open_store("s3", {url(), {{"record_every", "often"}}}); }).code(), ErrorCode::usage);
    for (const char* const wrong : {"/tmp/cache", "s3://bucket", "s3://bucket//", "s3://bucket/a/../b", "s3://b/x%0Ay"})
        EXPECT_EQ(error_of([&] { open_store("s3", {wrong, {}}); }).code(), ErrorCode::usage) << wrong;
}

}  // namespace
}  // namespace jl::test

#endif
