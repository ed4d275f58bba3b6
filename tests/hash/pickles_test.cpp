// Values as Python's pickle spelled them, whose keys once were wrong, or never came.
#if defined(JL_HAS_XXHASH)

#include <cstddef>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <jl/jl.hpp>

#include "hash/support/key.hpp"

namespace jl::test {
namespace {

Value loaded(std::string_view pickle) { return load(std::as_bytes(std::span(pickle))); }

std::vector<std::byte> bytes_of_hex(std::string_view hex) {
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        bytes.push_back(static_cast<std::byte>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    return bytes;
}

// numpy's array of two rows with these objects; `fortran` is its flag for their order in memory.
Value objects(bool fortran, std::initializer_list<int> items) {
    std::string hex =
        "8002636e756d70792e5f636f72652e6d756c746961727261790a5f7265636f6e7374727563740a7100636e756d70790a6e646172726179"
        "0a"
        "71014b00857102635f636f646563730a656e636f64650a7103580100000062710458060000006c6174696e317105867106527107877108"
        "52"
        "7109284b014b024b0386710a636e756d70790a64747970650a710b58020000004f38710c898887710d52710e284b0358010000007c710f"
        "4e"
        "4e4e4affffffff4affffffff4b3f74711062";
    hex += fortran ? "88" : "89";
    hex += "5d711128";
    for (const int item : items) hex += "4b0" + std::to_string(item);
    return load(std::span<const std::byte>(bytes_of_hex(hex + "65747112622e")));
}

TEST(HashOfPickles, ListsObjectsOfArraysAsNumpyDoes) {
    EXPECT_EQ(key(objects(true, {1, 2, 3, 4, 5, 6})), key(objects(false, {1, 2, 3, 4, 5, 6})));
    EXPECT_NE(key(objects(true, {1, 2, 3, 4, 5, 6})), key(objects(false, {1, 3, 5, 2, 4, 6})));
}

TEST(HashOfPickles, TellsDTypesOfSubArraysApart) {
    const std::string head = "8002636e756d70790a64747970650a7100580300000056323471018988877102527103284b0358010000007c";
    const auto sub_array = [&](const std::string& code, const std::string& shape) {
        return key(
            load(std::span<const std::byte>(bytes_of_hex(head + "710468005802000000" + code +
                                                         "71058988877106527107284b0358010000003c71084e4e4e4affffffff"
                                                         "4affffffff4b0074710962" +
                                                         shape + "4e4e4b184b044b0074710c622e"))));
    };
    const std::string int_2_3 = sub_array("6934", "4b024b0386710a86710b");
    EXPECT_NE(int_2_3, sub_array("6634", "4b0685710a86710b"));
    EXPECT_NE(int_2_3, sub_array("6934", "4b0685710a86710b"));
    EXPECT_NE(int_2_3, key(load(std::span<const std::byte>(bytes_of_hex(head + "71044e4e4e4b184b014b00747105622e")))));
}

struct AnyOrder {
    bool operator()(const Value&, const Value&) const { return false; }
};

TEST(HashOfPickles, ComesToAnEndWhereASetHoldsWhatHoldsItself) {
    const Value itself =
        loaded(std::string_view("\x80\x04"
                                "c__main__\nO\n)\x81\x94}\x94\x8c\x01sh\x00sb.",
                                28));
    EXPECT_EQ(key(std::set<Value, AnyOrder>{itself}), key(std::set<Value, AnyOrder>{itself}));
    EXPECT_NE(key(std::set<Value, AnyOrder>{itself}), key(std::vector<Value>{itself}));
}

TEST(HashOfPickles, TakesWhatIsSharedInASetOnce) {
    std::string pickle("\x80\x04K\x01K\x02\x86\x94", 8);
    for (int i = 0; i < 60; ++i) {
        const std::string get{'h', static_cast<char>(i)};
        pickle += "0" + get + get + "\x86\x94";
    }
    const Value value = loaded(pickle + ".");
    EXPECT_EQ(key(std::set<Value, AnyOrder>{value}).size(), 32U);
}

TEST(HashOfPickles, EmptyContainersOfAClassAreWhatTheClassMakes) {
    const auto made = [](std::string_view name) {
        return key(
            loaded("\x80\x02"
                   "ccollections\n" +
                   std::string(name) + "\n)R."));
    };
    EXPECT_EQ(made("OrderedDict"), key(loaded("\x80\x02"
                                              "ccollections\nOrderedDict\n)R(u.")));
    EXPECT_NE(made("OrderedDict"), made("Counter"));
    EXPECT_NE(made("OrderedDict"), key(loaded("\x80\x02"
                                              "ccollections\nOrderedDict\n)RK\x01K\x02s.")));
}

}  // namespace
}  // namespace jl::test

#endif
