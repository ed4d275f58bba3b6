#include "memory/entry_name.hpp"

#include <gtest/gtest.h>

namespace jl {
namespace {

TEST(EntryNames, PlainNamesStayAsTheyAre) {
    for (const char* const name : {"square", "a_b-c.d", "f2", "x..y"}) {
        EXPECT_EQ(folder_of_function(name), name);
        EXPECT_EQ(function_of_folder(name), name);
    }
}

TEST(EntryNames, WhatAFileSystemCouldMistakeIsEscapedAndComesBack) {
    EXPECT_EQ(folder_of_function("a/b"), "a%2Fb");
    EXPECT_EQ(folder_of_function(".."), "%2E%2E");
    EXPECT_EQ(folder_of_function(".hidden"), "%2Ehidden");
    EXPECT_EQ(folder_of_function("end."), "end%2E");
    EXPECT_EQ(folder_of_function("acme::f"), "acme%3A%3Af");
    EXPECT_EQ(folder_of_function("f\xC3\xBC"), "f%C3%BC");
    for (const char* const name : {"a/b", "..", ".hidden", "end.", "acme::f", "f\xC3\xBC", "%", "+", " ", "a+b"})
        EXPECT_EQ(function_of_folder(folder_of_function(name)), name);
}

TEST(EntryNames, LetterCaseAloneIsNotWhatTellsFoldersApart) {
    const std::string upper = folder_of_function("Square");
    EXPECT_EQ(upper.substr(0, 7), "Square+");
    EXPECT_NE(upper.substr(7), folder_of_function("SQUARE").substr(7));
    EXPECT_EQ(upper.size(), 7U + 16U);
    EXPECT_EQ(function_of_folder(upper), std::nullopt);
}

TEST(EntryNames, LongAndReservedNamesAreBoundedAndToldApart) {
    const std::string a(5'000, 'a'), b = std::string(4'999, 'a') + 'b';
    EXPECT_LE(folder_of_function(a).size(), 117U);
    EXPECT_NE(folder_of_function(a), folder_of_function(b));
    for (const char* const name : {"con", "nul", "com1", "lpt9.txt"}) EXPECT_NE(folder_of_function(name), name);
    EXPECT_EQ(folder_of_function("console"), "console");
}

TEST(EntryNames, FoldersOfNobodyAreRefused) {
    for (const char* const folder : {"", "%", "%2", "%zz", "%2f", "%61", ".jl", "a b"})
        EXPECT_EQ(function_of_folder(folder), std::nullopt) << folder;
}

TEST(EntryNames, EntriesAreHexadecimal) {
    EXPECT_TRUE(is_entry_name("0123456789abcdef0123456789abcdef"));
    EXPECT_TRUE(is_entry_name("0123456789abcdef0123456789abcdef01234567"));
    EXPECT_FALSE(is_entry_name("0123456789ABCDEF0123456789abcdef"));
    EXPECT_FALSE(is_entry_name("0123456789abcdef"));
    EXPECT_FALSE(is_entry_name("../3456789abcdef0123456789abcdef01"));
}

}  // namespace
}  // namespace jl
