#include <array>
#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <sys/time.h>
#include <thread>
#include <unistd.h>

#include "io/file.hpp"
#include "support/error.hpp"

namespace jl {
namespace {

using test::error_of;

struct Pipe {
    Descriptor out;
    Descriptor in;
    explicit Pipe(int flags = 0) {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), flags) < 0) throw std::runtime_error("pipe2");
        out = Descriptor(ends[0]);
        in = Descriptor(ends[1]);
    }
};

std::string drain(Source& source) {
    std::string all;
    std::string part(5000, '\0');
    while (const std::size_t count = source.read(std::as_writable_bytes(std::span(part)))) all.append(part, 0, count);
    return all;
}

std::string pattern(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7 >> 4);
    return text;
}

// Sends `text` through the pipe with one thread at each end.
std::string through(Pipe pipe, const std::string& text) {
    std::jthread writer([&] {
        PipeSink sink(pipe.in.get(), "pipe");
        sink.write(std::as_bytes(std::span(text)));
        pipe.in.close();
    });
    PipeSource source(pipe.out.get(), "pipe");
    return drain(source);
}

TEST(PipeSource, ReadsWhatPipeSinkWrites) {
    const std::string text = pattern(1'000'000);  // more than a pipe holds
    EXPECT_EQ(through(Pipe(), text), text);
}

TEST(PipeSource, GivesWhatIsThereWithoutWaitingForMore) {
    Pipe pipe;
    PipeSink sink(pipe.in.get(), "pipe");
    sink.write(std::as_bytes(std::span("abc", 3)));
    PipeSource source(pipe.out.get(), "pipe");
    std::array<std::byte, 100> into{};
    EXPECT_EQ(source.read(into), 3U);
    EXPECT_EQ(source.read({}), 0U);
}

TEST(PipeSource, WaitsWhereTheDescriptorDoesNot) {
    const std::string text = pattern(1'000'000);
    EXPECT_EQ(through(Pipe(O_NONBLOCK), text), text);
}

// A timer that interrupts whatever call is waiting, every millisecond.
class Interruptions {
  public:
    Interruptions() {
        struct sigaction action {};
        action.sa_handler = [](int) {};  // without SA_RESTART
        ::sigaction(SIGALRM, &action, &before_);
        set(1000);
    }
    ~Interruptions() {
        set(0);
        ::sigaction(SIGALRM, &before_, nullptr);
    }
    Interruptions(const Interruptions&) = delete;
    Interruptions& operator=(const Interruptions&) = delete;

  private:
    static void set(suseconds_t every) {
        const itimerval timer{{0, every}, {0, every}};
        ::setitimer(ITIMER_REAL, &timer, nullptr);
    }
    struct sigaction before_ {};
};

TEST(PipeSource, IsNotDisturbedBySignals) {
    const Interruptions interruptions;
    Pipe pipe;
    const std::string text = pattern(300'000);
    std::jthread slow_reader([&] {
        PipeSource source(pipe.out.get(), "pipe");
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        EXPECT_EQ(drain(source), text);
    });
    PipeSink sink(pipe.in.get(), "pipe");
    sink.write(std::as_bytes(std::span(text)));
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    pipe.in.close();
}

TEST(PipeSink, WithoutAReaderIsAnError) {
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    Pipe pipe;
    pipe.out.close();
    PipeSink sink(pipe.in.get(), "the pipe");
    const Error error = error_of([&] { sink.write(std::as_bytes(std::span("abc", 3))); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_STREQ(error.what(), "the pipe: cannot write: Broken pipe");
    std::signal(SIGPIPE, before);
}

TEST(PipeSink, OnAFullDeviceIsAnError) {
    const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    ASSERT_TRUE(full);
    PipeSink sink(full.get(), "/dev/full");
    EXPECT_STREQ(error_of([&] { sink.write(std::as_bytes(std::span("abc", 3))); }).what(),
                 "/dev/full: cannot write: No space left on device");
}

TEST(PipeSource, OfAClosedDescriptorIsAnError) {
    PipeSource source(-1, "nothing");
    std::array<std::byte, 3> into{};
    EXPECT_STREQ(error_of([&] { source.read(into); }).what(), "nothing: cannot read: Bad file descriptor");
}

TEST(Descriptor, ClosesWhatItOwnsOnce) {
    Pipe pipe;
    const int fd = pipe.out.get();
    {
        Descriptor moved(std::move(pipe.out));
        EXPECT_EQ(moved.get(), fd);
        EXPECT_FALSE(pipe.out);
        EXPECT_GE(::fcntl(fd, F_GETFD), 0);
    }
    EXPECT_LT(::fcntl(fd, F_GETFD), 0);
    EXPECT_EQ(pipe.in.close(), 0);
    EXPECT_EQ(pipe.in.close(), 0);
    EXPECT_EQ(Descriptor(1'000'000).close(), EBADF);
}

}  // namespace
}  // namespace jl
