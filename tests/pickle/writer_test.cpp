#include "pickle/writer.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "io/crc32c.hpp"
#include "pickle/support/machine.hpp"
#include "support/random.hpp"

namespace jl::test {
namespace {

std::string integer_bytes(std::int64_t value) {
    return written([&](PickleWriter& out) { out.integer(value); });
}

TEST(Writer, TakesTheShortestFormOfAnInteger) {
    EXPECT_EQ(integer_bytes(0), "K\0."s);
    EXPECT_EQ(integer_bytes(255), "K\xff.");
    EXPECT_EQ(integer_bytes(256), "M\0\x01."s);
    EXPECT_EQ(integer_bytes(65535), "M\xff\xff.");
    EXPECT_EQ(integer_bytes(65536), "J\0\0\x01\0."s);
    EXPECT_EQ(integer_bytes(-1), "J\xff\xff\xff\xff.");
    EXPECT_EQ(integer_bytes(INT32_MIN), "J\0\0\0\x80."s);
    EXPECT_EQ(integer_bytes(std::int64_t{INT32_MAX} + 1), "\x8a\x05\0\0\0\x80\0."s);
    EXPECT_EQ(integer_bytes(INT64_MIN), "\x8a\x08\0\0\0\0\0\0\0\x80."s);
}

TEST(Writer, IntegersComeBack) {
    Random random;
    SCOPED_TRACE(random.seed_text());
    std::vector<std::int64_t> values{INT64_MAX, INT64_MIN, INT32_MAX, -129, -128, 127, 128};
    for (int bits = 1; bits < 64; ++bits) {
        const auto value = static_cast<std::int64_t>(random.next() >> (64 - bits));
        values.insert(values.end(), {value, -value, ~value});
    }
    for (const std::int64_t value : values) EXPECT_EQ(ran(integer_bytes(value)), std::to_string(value));
}

TEST(Writer, BigIntegersComeBackAsTheyAre) {
    Random random;
    SCOPED_TRACE(random.seed_text());
    for (const std::size_t size : {9U, 17U, 255U, 256U, 300U, 70'000U}) {
        std::vector<std::byte> digits = random.bytes(size);
        digits.back() = std::byte{0x7e};
        const std::string pickle = written([&](PickleWriter& out) { out.big_integer(digits); });
        Document doc;
        const Cell cell = run(doc, pickle);
        ASSERT_TRUE(cell.is(CellKind::big_integer));
        EXPECT_EQ(std::vector(cell.span().begin(), cell.span().end()), digits);
    }
}

TEST(Writer, RealsComeBackToTheBit) {
    for (const double value : {0.0, -0.0, 1.5, -1e308, 5e-324, HUGE_VAL, -HUGE_VAL}) {
        Document doc;
        const Cell cell = run(doc, written([&](PickleWriter& out) { out.real(value); }));
        EXPECT_EQ(cell.real, value);
        EXPECT_EQ(std::signbit(cell.real), std::signbit(value));
    }
    Document doc;
    EXPECT_TRUE(std::isnan(run(doc, written([](PickleWriter& out) { out.real(std::nan("")); })).real));
}

TEST(Writer, TextsAndBytesOfEveryLengthClassComeBack) {
    for (const std::size_t size : {0U, 1U, 255U, 256U, 65'536U, 200'000U}) {
        const std::string text(size, 'x');
        EXPECT_EQ(ran(written([&](PickleWriter& out) { out.text(text); })), "'" + text + "'");
        Document doc;
        const Cell cell = run(doc, written([&](PickleWriter& out) { out.bytes(bytes_of(text)); }));
        EXPECT_EQ(cell.text(), text);
    }
}

TEST(Writer, HandsOverListsInBatchesOf1000) {
    for (const std::size_t count : {0U, 1U, 999U, 1000U, 1001U, 2000U, 2001U}) {
        const std::string pickle = written([&](PickleWriter& out) {
            out.begin(CellKind::list, count);
            for (std::size_t i = 0; i < count; ++i) out.none();
            out.end();
        });
        std::string expected = "]";
        for (std::size_t left = count; left > 0; left -= std::min<std::size_t>(left, 1000))
            expected += "(" + std::string(std::min<std::size_t>(left, 1000), 'N') + "e";
        EXPECT_EQ(pickle, expected + ".") << count;
    }
}

TEST(Writer, HandsOverDictsAndSetsInBatchesOf1000) {
    const auto count_of = [](const std::string& text, char c) { return std::count(text.begin(), text.end(), c); };
    const std::string dict = written([](PickleWriter& out) {
        out.begin(CellKind::dict, 1001);
        for (int i = 0; i < 1001; ++i) out.none(), out.none();
        out.end();
    });
    EXPECT_EQ(count_of(dict, 'u'), 2);
    const std::string set = written([](PickleWriter& out) {
        out.begin(CellKind::set, 1001);
        for (int i = 0; i < 1001; ++i) out.none();
        out.end();
    });
    EXPECT_EQ(count_of(set, '\x90'), 2);
    Document doc;
    EXPECT_EQ(run(doc, dict).dict->items.size, 1001U);
    EXPECT_EQ(run(doc, set).sequence->items.size, 1001U);
}

TEST(Writer, TakesTheShortFormsOfTuples) {
    for (std::size_t count = 0; count <= 4; ++count) {
        const std::string pickle = written([&](PickleWriter& out) {
            out.begin(CellKind::tuple, count);
            for (std::size_t i = 0; i < count; ++i) out.none();
            out.end();
        });
        const std::string expected[] = {")", "N\x85", "NN\x86", "NNN\x87", "(NNNNt"};
        EXPECT_EQ(pickle, expected[count] + ".");
    }
}

TEST(Writer, NestedContainersComeBack) {
    const std::string pickle = written([](PickleWriter& out) {
        out.begin(CellKind::dict, 2);
        out.text("a"), out.begin(CellKind::list, 2), out.integer(1), out.begin(CellKind::tuple, 1), out.real(2),
            out.end(), out.end();
        out.text("b"), out.begin(CellKind::frozenset, 1), out.boolean(true), out.end();
        out.end();
    });
    EXPECT_EQ(ran(pickle), "d{'a'=[1 (2.000000)] 'b'=f{True}}");
}

TEST(Writer, RecallsWhatItMemoized) {
    const std::string pickle = written([](PickleWriter& out) {
        std::uint32_t memo = PickleWriter::no_memo;
        out.begin(CellKind::list, 3);
        out.begin(CellKind::list, 0, &memo), out.end();
        out.recall(memo);
        out.class_ref("a", "B"), out.class_ref("a", "B");
        out.end();
    });
    Document doc;
    const Cell list = run(doc, pickle);
    EXPECT_EQ(shown(list), "[[] [] a.B a.B]");
    EXPECT_EQ(list.sequence->items.data[0].node, list.sequence->items.data[1].node);
    EXPECT_EQ(list.sequence->items.data[2].node, list.sequence->items.data[3].node);
}

TEST(Writer, RecallsPastTheFirst256) {
    const std::string pickle = written([](PickleWriter& out) {
        out.begin(CellKind::list, 601);
        for (int i = 0; i < 600; ++i) out.integer(i), out.memoize();
        out.recall(599);
        out.end();
    });
    Document doc;
    EXPECT_EQ(run(doc, pickle).sequence->items.data[600].integer, 599);
}

TEST(Writer, AlignsWhatFollows) {
    for (std::uint64_t origin = 0; origin < 64; origin += 7) {
        for (std::size_t before = 0; before < 66; ++before) {
            MemorySink sink;
            PickleWriter out(sink);
            for (std::size_t i = 0; i < before; ++i) out.none(), out.opcode(op::pop);
            out.align_after(5, origin);
            out.text("abc");  // SHORT_BINUNICODE, length and 3 bytes: 5
            EXPECT_EQ((origin + out.position()) % 64, 0U) << origin << " " << before;
            out.opcode(op::stop);
            out.flush();
            EXPECT_EQ(ran({reinterpret_cast<const char*>(sink.bytes().data()), sink.bytes().size()}), "'abc'");
        }
    }
}

TEST(Writer, CountsAndChecksumsOpcodesWithoutPayload) {
    MemorySink sink;
    PickleWriter out(sink);
    out.text(std::string(100'000, 'a'));
    out.flush();
    sink.write(bytes_of("payload"));
    out.passed_payload(7);
    out.none();
    out.flush();
    EXPECT_EQ(out.position(), sink.bytes().size());
    EXPECT_EQ(out.opcode_bytes(), sink.bytes().size() - 7);
    const std::span all(sink.bytes());
    EXPECT_EQ(out.opcode_crc(), crc32c(all.last(1), crc32c(all.first(all.size() - 8))));
}

}  // namespace
}  // namespace jl::test
