#include "pickle/document.hpp"

#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <vector>

#include "pickle/support/machine.hpp"

namespace jl::test {
namespace {

TEST(Document, CellsAreWhatTheyWereMadeOf) {
    Document doc;
    EXPECT_EQ(shown(Cell()), "None");
    EXPECT_EQ(shown(Cell::of(true)), "True");
    EXPECT_EQ(shown(Cell::of(std::int64_t{-5})), "-5");
    EXPECT_EQ(shown(doc.text("abc")), "'abc'");
    EXPECT_EQ(shown(doc.bytes(CellKind::bytearray, bytes_of("a"))), "ba:61");
    EXPECT_EQ(shown(doc.complex(1, -2)), "1.000000+-2.000000j");
    EXPECT_EQ(shown(doc.class_ref("os", "system")), "os.system");
    EXPECT_EQ(shown(doc.unsigned_integer(5)), "5");
    EXPECT_EQ(shown(doc.unsigned_integer(~std::uint64_t{0})), "0xffffffffffffffff00");
}

TEST(Document, EmptyTextsHaveAnAddressOfTheirOwn) {
    Document doc;
    EXPECT_NE(doc.text("").characters, doc.text("").characters);
}

TEST(Document, ContainersGrowOneByOneAndAtOnce) {
    Document doc;
    const Cell list = doc.sequence(CellKind::list);
    for (std::int64_t i = 0; i < 10'000; ++i) {
        const Cell item = Cell::of(i);
        doc.push(list.sequence->items, {&item, 1});
    }
    const std::vector<Cell> more(5'000, Cell::of(std::int64_t{7}));
    doc.push(list.sequence->items, more);
    ASSERT_EQ(list.sequence->items.size, 15'000U);
    for (std::int64_t i = 0; i < 10'000; ++i) ASSERT_EQ(list.sequence->items.data[i].integer, i);
    EXPECT_EQ(list.sequence->items.data[14'999].integer, 7);
}

Cell big_dict(Document& doc, std::int64_t count) {
    const Cell dict = doc.dict();
    for (std::int64_t i = 0; i < count; ++i)
        doc.push(dict.dict->items, CellPair{doc.text("key" + std::to_string(i)), Cell::of(i)});
    return dict;
}

TEST(Document, FindsKeysInSmallAndBigDicts) {
    for (const std::int64_t count : {1, 31, 32, 1000}) {
        Document doc;
        const Cell dict = big_dict(doc, count);
        for (std::int64_t i = 0; i < count; ++i) {
            const CellPair* found = doc.find(*dict.dict, "key" + std::to_string(i));
            ASSERT_NE(found, nullptr);
            EXPECT_EQ(found->value.integer, i);
        }
        EXPECT_EQ(doc.find(*dict.dict, "key"), nullptr);
    }
}

TEST(Document, FindsTheLastOfEqualKeysAsPythonDoes) {
    for (const std::int64_t before : {0, 100}) {
        Document doc;
        const Cell dict = big_dict(doc, before);
        for (std::int64_t i = 0; i < 3; ++i) doc.push(dict.dict->items, CellPair{doc.text("same"), Cell::of(i)});
        EXPECT_EQ(doc.find(*dict.dict, "same")->value.integer, 2);
    }
}

TEST(Document, ManyThreadsLookUpAtOnce) {
    Document doc;
    const Cell dict = big_dict(doc, 2'000);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (std::int64_t i = 0; i < 2'000; ++i)
                EXPECT_EQ(doc.find(*dict.dict, "key" + std::to_string(i))->value.integer, i);
        });
    }
}

TEST(Document, CountsWhatItsArenaHolds) {
    Document doc({.bytes = 100'000});
    doc.text(std::string(30'000, 'a'));
    EXPECT_EQ(error_of([&] { doc.text(std::string(100'000, 'a')); }).code(), ErrorCode::limit);
    Document other({.bytes = 100'000});
    EXPECT_EQ(error_of([&] { other.adopt(CellKind::bytes, Buffer(200'000)); }).code(), ErrorCode::limit);
}

TEST(Document, CountsItems) {
    Document doc({.items = 3});
    doc.count_items(3);
    const Error error = error_of([&] { doc.count_items(1); });
    EXPECT_EQ(error.code(), ErrorCode::limit);
    EXPECT_NE(std::string(error.what()).find("more than 3 values"), std::string::npos);
}

TEST(Document, DestroysWhatItOwnsWithItself) {
    const auto owner = std::make_shared<int>(1);
    {
        Document doc;
        doc.keep(owner);
        EXPECT_EQ(owner.use_count(), 2);
    }
    EXPECT_EQ(owner.use_count(), 1);
}

}  // namespace
}  // namespace jl::test
