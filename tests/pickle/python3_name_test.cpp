#include "pickle/python3_name.hpp"

#include <gtest/gtest.h>

namespace jl {
namespace {

TEST(Python3Name, TranslatesWhatMoved) {
    EXPECT_EQ(python3_name({"__builtin__", "xrange"}), (PythonName{"builtins", "range"}));
    EXPECT_EQ(python3_name({"__builtin__", "len"}), (PythonName{"builtins", "len"}));
    EXPECT_EQ(python3_name({"exceptions", "ValueError"}), (PythonName{"builtins", "ValueError"}));
    EXPECT_EQ(python3_name({"copy_reg", "_reconstructor"}), (PythonName{"copyreg", "_reconstructor"}));
    EXPECT_EQ(python3_name({"itertools", "izip"}), (PythonName{"builtins", "zip"}));
}

TEST(Python3Name, LeavesTheRestAlone) {
    EXPECT_EQ(python3_name({"itertools", "chain"}), (PythonName{"itertools", "chain"}));
    EXPECT_EQ(python3_name({"acme.copy_reg", "f"}), (PythonName{"acme.copy_reg", "f"}));
    EXPECT_EQ(python3_name({"", ""}), (PythonName{"", ""}));
}

}  // namespace
}  // namespace jl
