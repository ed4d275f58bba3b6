#include "memory/support/failing_calls.hpp"

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace jl::test {
namespace {

struct State {
    bool armed = false;
    FailingCalls::Plan plan;
    std::size_t made = 0;
};
thread_local State state;

bool fails() {
    if (!state.armed) return false;
    ++state.made;
    const bool now =
        state.plan.first != 0 && (state.plan.how == FailingCalls::How::from_then_on ? state.made >= state.plan.first
                                                                                    : state.made == state.plan.first);
    if (now && state.plan.how == FailingCalls::How::kills) ::kill(::getpid(), SIGKILL);
    if (now) errno = state.plan.error;
    return now;
}

template <class Function>
Function* real(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

FailingCalls::FailingCalls(Plan plan) { state = {true, plan, 0}; }
FailingCalls::~FailingCalls() { state = {}; }
std::size_t FailingCalls::made() const { return state.made; }

}  // namespace jl::test

// The C library declares them with attributes of its own; what is the same for all: a name, its parameters, what it
// returns when it fails.
#define JL_TEST_CALL(result, name, parameters, arguments, failure)          \
    extern "C" result name parameters {                                     \
        static auto* const call = jl::test::real<result parameters>(#name); \
        if (jl::test::fails()) return failure;                              \
        return call arguments;                                              \
    }

JL_TEST_CALL(ssize_t, read, (int fd, void* to, size_t size), (fd, to, size), -1)
JL_TEST_CALL(ssize_t, pread, (int fd, void* to, size_t size, off_t at), (fd, to, size, at), -1)
JL_TEST_CALL(ssize_t, write, (int fd, const void* from, size_t size), (fd, from, size), -1)
JL_TEST_CALL(ssize_t, pwrite, (int fd, const void* from, size_t size, off_t at), (fd, from, size, at), -1)
JL_TEST_CALL(int, mkdir, (const char* path, mode_t mode), (path, mode), -1)
JL_TEST_CALL(int, rmdir, (const char* path), (path), -1)
JL_TEST_CALL(int, unlink, (const char* path), (path), -1)
JL_TEST_CALL(int, rename, (const char* from, const char* to), (from, to), -1)
JL_TEST_CALL(int, linkat, (int from, const char* old, int to, const char* path, int flags),
             (from, old, to, path, flags), -1)
JL_TEST_CALL(int, fchmod, (int fd, mode_t mode), (fd, mode), -1)
JL_TEST_CALL(int, flock, (int fd, int how), (fd, how), -1)
JL_TEST_CALL(int, futimens, (int fd, const timespec* times), (fd, times), -1)
JL_TEST_CALL(int, fstat, (int fd, struct stat* to), (fd, to), -1)
JL_TEST_CALL(int, stat, (const char* path, struct stat* to), (path, to), -1)
JL_TEST_CALL(int, access, (const char* path, int mode), (path, mode), -1)
JL_TEST_CALL(DIR*, opendir, (const char* path), (path), nullptr)

extern "C" int open(const char* path, int flags, ...) {
    static auto* const call = jl::test::real<int(const char*, int, ...)>("open");
    if (jl::test::fails()) return -1;
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return call(path, flags, mode);
}

#undef JL_TEST_CALL
