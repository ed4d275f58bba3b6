// Which program a worker is: this one, of this build, with these libraries.
#include "parallel/program_image.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

namespace jl::test {
namespace {

using testing::HasSubstr;

std::string without_last_line(std::string lines) { return lines.substr(0, lines.rfind('\n')); }

TEST(ProgramImage, IsNotDifferentFromItself) {
    const std::string own = program_identity();
    EXPECT_THAT(own, HasSubstr("libc.so"));
    EXPECT_EQ(difference_from(own), "");
}

TEST(ProgramImage, MayHaveOtherLibrariesBesides) {
    const std::string own = program_identity();
    EXPECT_EQ(difference_from(without_last_line(own)), "");
    EXPECT_EQ(difference_from(own + "\n0123 /no/such/library.so"), "");
}

TEST(ProgramImage, OfAnotherBuildIsToldApart) {
    const std::string own = program_identity();
    EXPECT_THAT(difference_from('x' + own), HasSubstr("is another program: 'x"));
    EXPECT_THAT(difference_from(""), HasSubstr("is another program: ''"));
    std::string replaced = own;
    const std::size_t line = replaced.find('\n') + 1;
    replaced[line] = replaced[line] == '0' ? '1' : '0';
    const std::size_t path = replaced.find(' ', line) + 1;
    EXPECT_THAT(difference_from(replaced),
                HasSubstr("has another build of " + replaced.substr(path, replaced.find('\n', path) - path)));
}

}  // namespace
}  // namespace jl::test
