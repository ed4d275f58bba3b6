// What a key costs: short files, and values that everybody has, that once took time by the square of their length. Were
// it so again, these tests would take minutes.
#if defined(JL_HAS_XXHASH)

#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <jl/jl.hpp>

#include "hash/support/key.hpp"
#include "support/error.hpp"

namespace jl::test {

// An array of this dtype without items.
struct NoRows {
    DType dtype;
};

}  // namespace jl::test

template <>
struct jl::Mapping<jl::test::NoRows> {
    static void emit(Emitter& out, const test::NoRows& rows) {
        const std::uint64_t shape[] = {0};
        out.array({rows.dtype, shape, 'C', {}});
    }
};

namespace jl::test {
namespace {

constexpr std::size_t long_one = std::size_t{1} << 20;
constexpr std::size_t many = 200'000;

std::string little(std::uint32_t number) {
    std::string bytes;
    for (int i = 0; i < 4; ++i, number >>= 8U) bytes += static_cast<char>(number & 0xffU);
    return bytes;
}

Value loaded(const std::string& pickle) { return load(std::as_bytes(std::span(pickle))); }

// [x] * references, x being what the opcodes before make.
std::string list_of_one(const std::string& opcodes, std::size_t references) {
    std::string pickle = "\x80\x04" + opcodes + std::string("q\x01") + "0](";
    for (std::size_t i = 0; i < references; ++i) pickle += "h\x01";
    return pickle + "e.";
}

TEST(HashWork, LongValuesThatAreSharedAreDigestedOnce) {
    const std::string payload(long_one, 'x');
    std::vector<std::string> keys;
    for (const char opcode : {'X', 'B', '\x8b'}) {
        const std::string opcodes = opcode + little(static_cast<std::uint32_t>(long_one)) + payload;
        keys.push_back(key(loaded(list_of_one(opcodes, many))));
        std::string copies = "\x80\x04](";
        for (int i = 0; i < 3; ++i) copies += opcodes;
        EXPECT_EQ(key(loaded(copies + "e.")), key(loaded(list_of_one(opcodes, 3))));
    }
    const auto text = std::make_shared<std::string>(payload);
    EXPECT_EQ(key(std::vector(many, text)), keys[0]);
    EXPECT_NE(keys[0], keys[1]);
    EXPECT_NE(keys[1], keys[2]);
}

TEST(HashWork, ManyArraysOfOneLongStructureTellItOnce) {
    std::vector<DTypeField> fields;
    for (std::uint64_t i = 0; i < 20'000; ++i) fields.push_back({"f" + std::to_string(i), DType("<u2"), 2 * i});
    const DType dtype = DType::structure(fields, 40'000, false), equal = DType::structure(fields, 40'000, false);
    const auto arrays = [](const DType& of, std::size_t count) { return std::vector(count, NoRows{of}); };
    EXPECT_EQ(key(arrays(dtype, 3)), key(arrays(equal, 3)));
    EXPECT_EQ(key(arrays(dtype, 20'000)).size(), 32U);
    fields[19'999].name = "other";
    EXPECT_NE(key(arrays(DType::structure(fields, 40'000, false), 3)), key(arrays(dtype, 3)));
}

// A list of lists, each of which holds the next one, and the last one `last` and the list itself.
std::string chain(std::uint32_t links, const std::string& last) {
    const auto put = [](std::uint32_t i) { return "r" + little(i); };
    const auto get = [](std::uint32_t i) { return "j" + little(i); };
    std::string pickle = "\x80\x04";
    for (std::uint32_t i = 0; i < links; ++i) pickle += "]" + put(i) + "0";
    pickle += "]" + put(links);
    for (std::uint32_t i = 0; i + 1 < links; ++i) pickle += get(i) + get(i + 1) + "a0";
    pickle += get(links - 1) + "(" + last + get(links) + "e0(";
    for (std::uint32_t i = 0; i < links; ++i) pickle += get(i);
    return pickle + "e.";
}

// Each round of the search for what is alike tells apart one link more.
TEST(HashWork, AListOfAllLinksOfAChainTakesTimeByItsLength) {
    const std::string expected = key(loaded(chain(100'000, "K\x01")));
    EXPECT_NE(key(loaded(chain(100'000, "K\x02"))), expected);
    EXPECT_NE(key(loaded(chain(99'999, "K\x01"))), expected);
}

struct Branch {
    int number = 0;
    std::vector<std::weak_ptr<Branch>> list = {};
    std::map<std::string, std::weak_ptr<Branch>> dict = {};
};

// Random graphs, in which each reference goes to any of several copies of a node.
TEST(HashWork, CopiesOfNodesMakeNoOtherKey) {
    std::mt19937 random(7);
    const auto below = [&](std::size_t count) { return static_cast<std::size_t>(random() % count); };
    for (int graph = 0; graph < 300; ++graph) {
        std::vector<std::vector<std::size_t>> nodes(1 + below(12));
        for (auto& node : nodes)
            for (std::size_t i = below(4); i > 0; --i) node.push_back(below(nodes.size()));
        const auto key_with = [&](std::size_t copies) {
            std::vector<std::shared_ptr<Branch>> all;
            for (std::size_t i = 0; i < nodes.size() * copies; ++i) all.push_back(std::make_shared<Branch>());
            for (std::size_t i = 0; i < all.size(); ++i) {
                all[i]->number = static_cast<int>(i / copies % 3);
                for (const std::size_t to : nodes[i / copies]) {
                    const auto& node = all[to * copies + below(copies)];
                    all[i]->list.push_back(node);
                    all[i]->dict[std::to_string(all[i]->dict.size())] = node;
                }
            }
            return key(all[0]);
        };
        const std::string expected = key_with(1);
        EXPECT_EQ(key_with(2), expected) << graph;
        EXPECT_EQ(key_with(3), expected) << graph;
    }
}

TEST(HashWork, NamesOfClassesAreNoPayload) {
    const std::string longest = list_of_one("cm\n" + std::string(999, 'C') + "\n", 3);
    EXPECT_EQ(key(loaded(longest)).size(), 32U);
    const Error error = error_of([] { key(loaded(list_of_one("cm\n" + std::string(1000, 'C') + "\n", 3))); });
    EXPECT_EQ(error.code(), ErrorCode::limit);
    EXPECT_STREQ(error.what(), "the name of a class has 1001 bytes: one that has a key has up to 1000");
}

TEST(HashWork, ClassesWhoseNamesReadAsOneDiffer) {
    const auto class_of = [](const std::string& module, const std::string& name) {
        return key(loaded("\x80\x04X" + little(static_cast<std::uint32_t>(module.size())) + module + "X" +
                          little(static_cast<std::uint32_t>(name.size())) + name + "\x93."));
    };
    EXPECT_NE(class_of("a.b", "C.D"), class_of("a.b.C", "D"));
    EXPECT_EQ(class_of("a.b", "C.D"), class_of("a.b", "C.D"));
}

}  // namespace
}  // namespace jl::test

#endif
