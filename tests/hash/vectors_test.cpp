// The keys of spec/vectors/hash never change: neither those of the typed values, nor those of the files.
#if defined(JL_HAS_XXHASH) && defined(JL_HAS_CRYPTO)

#include "hash/support/vectors.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <sstream>
#include <string>

namespace jl::test {
namespace {

struct Keys {
    std::string md5, sha1, xxh3_128;
    bool operator==(const Keys&) const = default;
    friend void PrintTo(const Keys& keys, std::ostream* out) {
        *out << keys.md5 << ' ' << keys.sha1 << ' ' << keys.xxh3_128;
    }
};

template <class T>
Keys keys_of(const T& value) {
    return {hash(value), hash(value, {.hash_name = "sha1"}), hash(value, {.hash_name = "xxh3_128"})};
}

const std::filesystem::path spec_vectors = JL_SOURCE_DIR "/spec/vectors";

// By the file's name below spec/vectors.
std::map<std::string, Keys> table() {
    std::map<std::string, Keys> found;
    std::ifstream in(spec_vectors / "hash/keys.txt");
    std::string name;
    for (Keys keys; in >> keys.md5 >> keys.sha1 >> keys.xxh3_128 >> name;) found[name] = keys;
    return found;
}

TEST(HashVectors, AreTheKeysOfTypedValues) {
    const auto keys = table();
    std::size_t seen = 0;
    for_each_vector([&](const std::string& name, const auto& value) {
        ++seen;
        const auto found = keys.find("hash/" + name + ".pkl.gz");
        ASSERT_NE(found, keys.end()) << name;
        EXPECT_EQ(keys_of(value), found->second) << name;
        EXPECT_EQ(keys_of(Value(value)), found->second) << name;
    });
    EXPECT_GT(seen, 50U);
}

TEST(HashVectors, AreTheKeysOfFiles) {
    const auto keys = table();
    EXPECT_GT(keys.size(), 100U);
    for (const auto& [name, expected] : keys)
        EXPECT_EQ(keys_of(load((spec_vectors / name).string())), expected) << name;
}

// One value, written by any release of joblib in any protocol and codec.
TEST(HashVectors, DoNotDependOnWhoWroteTheFile) {
    std::map<std::string, std::map<std::string, std::string>> files;  // of a case: key, file
    for (const auto& [name, keys] : table()) {
        if (!name.starts_with("from_joblib/")) continue;
        const std::size_t begin = name.find('-') + 1;
        files[name.substr(begin, name.find('-', begin) - begin)].emplace(keys.md5, name);
    }
    EXPECT_GT(files.size(), 15U);
    for (const auto& [name, keys] : files) EXPECT_EQ(keys.size(), 1U) << name << ": " << keys.rbegin()->second;
}

TEST(HashVectors, AreTheKeysOfMappedArrays) {
    const auto keys = table();
    const Value mapped = load((spec_vectors / "valid/array.pkl").string(), {.mmap_mode = MmapMode::r});
    EXPECT_EQ(keys_of(mapped), keys.at("valid/array.pkl"));
}

}  // namespace
}  // namespace jl::test

#endif
