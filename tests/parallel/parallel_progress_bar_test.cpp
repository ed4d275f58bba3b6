// The bar of a call, on a terminal and elsewhere.
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

#include <jl/parallel.hpp>

#include "parallel/support/needs_backend.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// What `work` says on standard error when that is a terminal.
std::string on_a_terminal(const std::function<void()>& work) {
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0) throw std::runtime_error("no terminal");
    const int terminal = ::open(::ptsname(master), O_RDWR | O_NOCTTY);
    const int before = ::dup(STDERR_FILENO);
    ::dup2(terminal, STDERR_FILENO);
    work();
    ::dup2(before, STDERR_FILENO);
    ::close(before);
    ::close(terminal);
    std::string seen;
    char text[256];
    for (ssize_t size = 0; (size = ::read(master, text, sizeof text)) > 0;)
        seen.append(text, static_cast<std::size_t>(size));
    ::close(master);
    return seen;
}

TEST(ParallelProgressBar, IsFullAtTheEnd) {
    JL_NEEDS_BACKEND("threading");
    const std::string seen = on_a_terminal([] {
        Parallel{{.n_jobs = 2, .backend = "threading", .progress = parallel_progress_bar("images")}}.map(
            std::vector{1, 2, 3}, [](int) {});
    });
    EXPECT_THAT(seen, HasSubstr("\rimages [==============================] 3 of 3 "));
    EXPECT_THAT(seen, HasSubstr(" tasks/s"));
    EXPECT_EQ(seen.back(), '\n');
}

TEST(ParallelProgressBar, IsNothingWithoutATerminal) {
    JL_NEEDS_BACKEND("threading");
    testing::internal::CaptureStderr();
    Parallel{{.n_jobs = 2, .backend = "threading", .progress = parallel_progress_bar()}}.map(std::vector{1, 2, 3},
                                                                                             [](int) {});
    EXPECT_THAT(testing::internal::GetCapturedStderr(), IsEmpty());
}

}  // namespace
}  // namespace jl::test
