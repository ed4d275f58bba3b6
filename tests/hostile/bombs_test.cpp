// Small inputs that ask for much: memory, depth, time. Each is refused, or costs no more than its bytes justify.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <vector>

#include <jl/jl.hpp>

#include "graph/packed_form.hpp"
#include "hostile/support/child.hpp"
#include "persist/trailer.hpp"
#include "pickle/support/machine.hpp"
#include "support/faulty_io.hpp"

namespace jl::test {
namespace {

std::string text(std::string_view s) { return "\x8c" + std::string(1, static_cast<char>(s.size())) + std::string(s); }

// The pickle of an array record up to the payload; `shape` are opcodes that make a tuple.
std::string array_record(const std::string& shape, const std::string& code = "f8") {
    return "\x80\x04"s + text("joblib.numpy_pickle") + text("NumpyArrayWrapper") + "\x93)\x81}(" + text("subclass") +
           text("numpy") + text("ndarray") + "\x93" + text("shape") + shape + text("order") + text("C") +
           text("dtype") + text("numpy") + text("dtype") + "\x93" + text(code) + "\x89\x88\x87R(K\x03" + text("<") +
           "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb"s + text("allow_mmap") + "\x88ub";
}

// The pickle of a packed array of f8 up to the first stored unit; `shape` are opcodes that make {n}.
std::string packed_record(Packing packing, std::uint64_t n) {
    const auto dtype = [](const std::string& code, const std::string& sign, const std::string& flags) {
        return text("numpy") + text("dtype") + "\x93" + text(code) + "\x89\x88\x87R(K\x03" + text(sign) +
               "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK" + flags + "tb";
    };
    const std::uint64_t shape[] = {n};
    const DType f8("<f8");
    const PackedForm form = packed_form({packing, f8, shape, 'C', n * 8});
    return "\x80\x04"s + text("joblib.numpy_pickle") + text("NumpyArrayWrapper") + "\x93)\x81}(" + text("subclass") +
           text("numpy") + text("ndarray") + "\x93" + text("shape") + "\x8a\x08" + little(n) + "\x85" + text("order") +
           text("C") + text("dtype") + dtype("O8", "|", "?") + text("allow_mmap") + "\x89" + text("packing") +
           text(name_of(packing)) + dtype("f8", "<", "\0"s) + "\x86ub" +
           std::string(reinterpret_cast<const char*>(form.head.data()), form.head.size());
}

std::string huge(std::uint64_t n) { return "\x8a\x08" + little(n); }

// Loads from memory and as a stream; true when every way is refused by an Error.
template <class T>
void expect_cheap_refusal(const std::string& bytes, const char* what) {
    for (const bool streamed : {false, true}) {
        const ChildRun run = in_child([&] {
            PieceSource source(bytes_of(bytes), 4'096);
            if (streamed)
                (void)load<T>(source);
            else
                (void)load<T>(bytes_of(bytes));
        });
        EXPECT_TRUE(run.survived && run.refused) << what << (streamed ? " streamed" : "");
        if (!instrumented) {
            EXPECT_LT(run.grown_bytes, (64U << 20) + 8 * bytes.size()) << what << (streamed ? " streamed" : "");
        }
    }
}

TEST(Bombs, LyingShapesAllocateNothing) {
    for (const std::uint64_t n :
         {1'000ULL, 1ULL << 20, 1ULL << 30, 1ULL << 40, 1ULL << 60, (1ULL << 61) + 1, (1ULL << 63) - 1}) {
        expect_cheap_refusal<Value>(array_record(huge(n) + "\x85") + "some bytes", "one dimension");
        expect_cheap_refusal<std::vector<double>>(array_record(huge(n) + "\x85") + "some bytes",
                                                  "one dimension as a vector");
    }
    expect_cheap_refusal<Value>(array_record(huge(1ULL << 32) + huge(1ULL << 32) + "\x86") + "some bytes",
                                "a product beyond 64 bits");
    expect_cheap_refusal<Value>(array_record(huge(~0ULL) + "\x85") + "some bytes", "a negative dimension");
    std::string ones;
    for (int i = 0; i < 65; ++i) ones += "K\x01";
    expect_cheap_refusal<Value>(array_record("(" + ones + "t") + "12345678.", "65 dimensions");
}

TEST(Bombs, LyingSizesOfPackedArraysAllocateNothing) {
    const std::string chunk = "h\x02\x8e"s + little(std::uint64_t{16}) + std::string(16, '\0') + "\x85R";
    const auto preamble = make_preamble();
    const std::string container(reinterpret_cast<const char*>(preamble.data()), preamble.size());
    for (const Packing packing : {Packing::shuffle, Packing::blosc}) {
        for (const std::uint64_t n : {1'000ULL, 1ULL << 20, 1ULL << 30, 1ULL << 40, 1ULL << 57}) {
            const std::string record = packed_record(packing, n) + chunk + chunk;
            expect_cheap_refusal<Value>(record, name_of(packing));
            expect_cheap_refusal<std::vector<double>>(record, name_of(packing));
            expect_cheap_refusal<Value>(container + record.substr(2), name_of(packing));
            expect_cheap_refusal<std::vector<double>>(container + record.substr(2), name_of(packing));
        }
    }
    const std::string endless = "h\x02\x8e"s + little(~std::uint64_t{0}) + "rest";
    expect_cheap_refusal<Value>(packed_record(Packing::blosc, 1'000) + endless, "a chunk of 2^64 bytes");
}

TEST(Bombs, ItemsOfNoBytesAreRefused) {
    for (const char* code : {"V0", "S0", "U0"})
        expect_cheap_refusal<std::vector<double>>(array_record(huge(1ULL << 50) + "\x85", code) + ".", code);
}

TEST(Bombs, LyingLengthsAllocateNothing) {
    for (const char* opcode : {"\x8d", "\x8e", "\x96"}) {
        for (const std::uint64_t n : {1ULL << 20, 1ULL << 32, 1ULL << 40, 1ULL << 62})
            expect_cheap_refusal<Value>("\x80\x05"s + opcode + little(n) + "abc", "announced bytes");
    }
    expect_cheap_refusal<Value>("\x80\x04Nr\xff\xff\xff\xff.", "a memo index");
    expect_cheap_refusal<Value>("Np4000000000\n.", "a memo index as text");
}

// Each level holds the one below ten times: 10^12 items when copied.
std::string shared_tree(int levels) {
    std::string pickle = "\x80\x04]\x94";
    for (int level = 1; level < levels; ++level) {
        pickle += "](";
        for (int i = 0; i < 10; ++i) pickle += "h"s + static_cast<char>(level - 1);
        pickle += "e\x94";
    }
    // Everything but the last is popped: the stack must hold one value.
    std::string last = "](";
    for (int i = 0; i < 10; ++i) last += "h"s + static_cast<char>(levels - 1);
    last += "e";
    return pickle + std::string(static_cast<std::size_t>(levels), '0') + last + ".";
}

struct Tree {
    std::vector<Tree> children;
};

}  // namespace
}  // namespace jl::test

template <>
struct jl::Mapping<jl::test::Tree> {
    static void read(const Record& in, test::Tree& tree) { jl::read(in, tree.children); }
};

namespace jl::test {
namespace {

TEST(Bombs, SharedNodesAreNoBombAsAValue) {
    const std::string bytes = shared_tree(12);
    const ChildRun run = in_child([&] {
        const Value value = load(bytes_of(bytes));
        if (value.size() != 10) throw std::runtime_error("not the tree");
        (void)value.str();
        MemorySink sink;
        dump(value, sink);
        if (sink.bytes().size() > 10'000) throw std::runtime_error("the tree was copied");
    });
    EXPECT_TRUE(run.survived);
    if (!instrumented) {
        EXPECT_LT(run.grown_bytes, 64U << 20);
    }
}

TEST(Bombs, CopiesOfSharedNodesStopAtTheLimitOfItems) {
    const std::string bytes = shared_tree(12);
    const ChildRun run = in_child([&] { (void)load<Tree>(bytes_of(bytes), {.limits = {.items = 100'000}}); });
    EXPECT_TRUE(run.survived);
    EXPECT_TRUE(run.refused);
    if (!instrumented) {
        EXPECT_LT(run.grown_bytes, 64U << 20);
    }
}

TEST(Bombs, DepthStopsAtItsLimitHoweverItIsSpelled) {
    const std::string nested = "\x80\x04" + std::string(2'000, ']') + std::string(1'999, 'a') + ".";
    EXPECT_EQ(error_of([&] { (void)load(bytes_of(nested), {.limits = Limits::untrusted()}); }).code(),
              ErrorCode::limit);
    // The same depth, where a list of all of them meets each at the second level first.
    std::string chain = "\x80\x04]\x94";
    for (int i = 1; i < 2'000; ++i) chain += "]j" + little(static_cast<std::uint32_t>(i - 1)) + "a\x94";
    std::string all = chain + std::string(2'000, '0') + "](";
    for (std::uint32_t i = 0; i < 2'000; ++i) all += "j" + little(i);
    EXPECT_EQ(error_of([&] { (void)load(bytes_of(all + "e."), {.limits = Limits::untrusted()}); }).code(),
              ErrorCode::limit);
    EXPECT_EQ(load(bytes_of(all + "e."), {.limits = {.depth = 2'001}}).size(), 2'000U);
    EXPECT_EQ(error_of([&] { (void)load(bytes_of(all + "e."), {.limits = {.depth = 2'000}}); }).code(),
              ErrorCode::limit);
}

TEST(Bombs, DeeplyNestedCallablesAreOnlyLong) {
    std::string calls = "cos\nsystem\n";
    for (int i = 0; i < 300'000; ++i) calls += ")R";
    const ChildRun run = in_child([&] {
        const Value value = load(bytes_of(calls + "."));
        if (value.class_name() != "os.system") throw std::runtime_error("not the object");
        (void)value.str();
        (void)value.as<int>();
    });
    EXPECT_TRUE(run.survived);
    EXPECT_TRUE(run.refused);
}

TEST(Bombs, RatioOfCompressedFilesHasALimit) {
    MemorySink sink;
    dump(std::vector<double>(4'000'000), sink, {.compress = {"gzip", 9}});
    const std::vector<std::byte> bytes = sink.take();
    EXPECT_EQ(load<std::vector<double>>(std::span(bytes)).size(), 4'000'000U);
    EXPECT_EQ(error_of([&] { (void)load<std::vector<double>>(std::span(bytes), {.limits = {.ratio = 100}}); }).code(),
              ErrorCode::limit);
}

TEST(Bombs, BytesOfValuesHaveALimit) {
    MemorySink sink;
    dump(std::pair(std::vector<double>(40'000), std::vector<std::string>(1'000, "x")), sink);
    const std::vector<std::byte> bytes = sink.take();
    EXPECT_EQ(load(std::span<const std::byte>(bytes), {.limits = {.bytes = 2'000'000}}).size(), 2U);
    for (const std::uint64_t limit : {1'000U, 100'000U, 300'000U}) {
        EXPECT_EQ(error_of([&] { (void)load(std::span<const std::byte>(bytes), {.limits = {.bytes = limit}}); }).code(),
                  ErrorCode::limit)
            << limit;
        PieceSource source(bytes, 1'000);
        EXPECT_EQ(error_of([&] { (void)load(source, {.limits = {.bytes = limit}}); }).code(), ErrorCode::limit)
            << limit;
    }
}

// Each structure has 16 fields of the one before: 16^20 in all.
TEST(Bombs, StructuresInStructuresStopEarly) {
    const std::string dtype = text("numpy") + text("dtype") + "\x93";
    std::string made = dtype + text("f8") + "\x89\x88\x87R\x94";
    for (int level = 0; level < 20; ++level) {
        std::string next = dtype + text("V8") + "\x89\x88\x87R(K\x03" + text("|") + "N(";
        for (int i = 0; i < 16; ++i) next += text("f" + std::to_string(i));
        next += "t}(";
        for (int i = 0; i < 16; ++i)
            next += text("f" + std::to_string(i)) + "h"s + static_cast<char>(level) + "K\0\x86"s;
        made += "0" + next + "uJ\xff\xff\xff\x7fK\x01K\x10tb\x94";
    }
    const std::string scalar = "\x80\x04" + made + "0" + text("numpy.core.multiarray") + text("scalar") + "\x93h\x14" +
                               "C\x03"
                               "abc\x86R.";
    expect_cheap_refusal<Value>(scalar, "structures");
}

}  // namespace
}  // namespace jl::test
