// Targets and sources that fail: full disks, readers that went away, signals, devices that take nothing.
#include <boost/iostreams/device/file.hpp>
#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <sys/time.h>

#include <jl/iostreams_device.hpp>
#include <jl/jl.hpp>

#include "contract/support/pump.hpp"
#include "support/error.hpp"
#include "support/faulty_io.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

std::vector<double> numbers(std::size_t count = 500'000) {
    std::vector<double> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<double>(i) / 3;
    return values;
}

void expect_io(const Error& error, const std::string& reason) {
    EXPECT_EQ(error.code(), ErrorCode::io) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(reason));
}

TEST(FullDevices, AreErrorsWithTheSystemsReason) {
    expect_io(error_of([] {
                  const OwnedFd fd(::open("/dev/full", O_WRONLY | O_CLOEXEC));
                  dump(numbers(), FileDescriptor{fd.get(), "the disk"});
              }),
              "the disk: cannot write: No space left on device");
    expect_io(error_of([] {
                  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen("/dev/full", "wb"),
                                                                             &std::fclose);
                  dump(numbers(), file.get());
              }),
              "No space left on device");
    expect_io(error_of([] {
                  std::ofstream out("/dev/full", std::ios::binary);
                  dump(numbers(), out);
              }),
              "the stream does not take ");
}

TEST(CStreams, ThatFailInTheMiddleAreErrors) {
    struct Cookie {
        std::size_t left;
        static ssize_t write(void* self, const char*, std::size_t count) {
            Cookie& cookie = *static_cast<Cookie*>(self);
            if (cookie.left < count) return errno = EDQUOT, 0;
            cookie.left -= count;
            return static_cast<ssize_t>(count);
        }
        static ssize_t read(void*, char*, std::size_t) { return errno = EIO, -1; }
    } cookie{1 << 20};
    cookie_io_functions_t calls{};
    calls.read = &Cookie::read;
    calls.write = &Cookie::write;
    std::FILE* out = ::fopencookie(&cookie, "wb", calls);
    expect_io(error_of([&] { dump(numbers(), out); }), "Disk quota exceeded");
    std::fclose(out);
    std::FILE* in = ::fopencookie(&cookie, "rb", calls);
    expect_io(error_of([&] { (void)load(in); }), "Input/output error");
    std::fclose(in);
}

TEST(Descriptors, WithoutAReaderAreErrorsAndTheProgramLives) {
    for (const Ends ends : {Drain::pipe(), Drain::socket(), Drain::pipe_that_does_not_wait()}) {
        OwnedFd reading(ends.reading);
        const OwnedFd writing(ends.writing);
        reading.close();
        expect_io(error_of([&] { dump(numbers(), FileDescriptor{writing.get()}); }), "Broken pipe");
    }
}

TEST(Descriptors, ThatAreClosedAreErrors) {
    OwnedFd fd(::open("/dev/null", O_RDWR | O_CLOEXEC));
    const int number = fd.get();
    fd.close();
    expect_io(error_of([&] { dump(1, FileDescriptor{number}); }), "Bad file descriptor");
    expect_io(error_of([&] { (void)load(FileDescriptor{number}); }), "Bad file descriptor");
}

// A signal every millisecond, without SA_RESTART.
class Signals {
  public:
    Signals() {
        struct sigaction action {};
        action.sa_handler = [](int) {};
        ::sigaction(SIGALRM, &action, &before_);
        const itimerval each{{0, 1'000}, {0, 1'000}};
        ::setitimer(ITIMER_REAL, &each, nullptr);
    }
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;
    ~Signals() {
        const itimerval never{};
        ::setitimer(ITIMER_REAL, &never, nullptr);
        ::sigaction(SIGALRM, &before_, nullptr);
    }

  private:
    struct sigaction before_ {};
};

TEST(Descriptors, AreNotDisturbedBySignals) {
    sigset_t alarms, before;
    ::sigemptyset(&alarms);
    ::sigaddset(&alarms, SIGALRM);
    const TempDir dir;
    for (const auto ends : {&Drain::pipe, &Drain::socket, &Drain::pipe_that_does_not_wait}) {
        // The other thread is made while the signal is blocked: it is for the one that dumps and loads.
        ::pthread_sigmask(SIG_BLOCK, &alarms, &before);
        {
            Drain drain(dir / "x.pkl", ends());
            ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
            const Signals signals;
            dump(numbers(4'000'000), FileDescriptor{drain.fd()});
        }
        ::pthread_sigmask(SIG_BLOCK, &alarms, &before);
        Feed feed(dir / "x.pkl", ends());
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        const Signals signals;
        EXPECT_TRUE(load<std::vector<double>>(FileDescriptor{feed.fd()}) == numbers(4'000'000));
    }
}

struct Stubborn {
    using char_type = char;
    struct category : boost::iostreams::bidirectional_device_tag {};
    std::streamsize gives = 0;
    std::streamsize write(const char*, std::streamsize) const { return gives; }
    std::streamsize read(char*, std::streamsize) const { return gives; }
};

TEST(Devices, ThatTakeOrGiveNothingAreErrors) {
    Stubborn device;
    expect_io(error_of([&] { dump(1, device); }), "takes none of ");
    expect_io(error_of([&] { (void)load(device); }), "nothing at the moment");
    device.gives = -1;
    expect_io(error_of([&] { dump(1, device); }), "takes none of ");
    EXPECT_EQ(error_of([&] { (void)load(device); }).code(), ErrorCode::truncated);
}

struct Throwing {
    using char_type = char;
    struct category : boost::iostreams::bidirectional_device_tag {};
    static std::streamsize write(const char*, std::streamsize) { throw Injected(); }
    static std::streamsize read(char*, std::streamsize) { throw Injected(); }
};

TEST(Devices, ThrowWhatTheyThrow) {
    Throwing device;
    EXPECT_THROW(dump(1, device), Injected);
    EXPECT_THROW((void)load(device), Injected);
}

TEST(Devices, AlignByTheirPosition) {
    const TempDir dir;
    {
        boost::iostreams::file_sink out(dir / "x.pkl", std::ios::binary);
        out.write("abc", 3);
        dump(numbers(100), out);
    }
    const std::string file = read_file(dir / "x.pkl");
    const std::vector<double> values = numbers(100);
    const std::string payload(reinterpret_cast<const char*>(values.data() + 1), 99 * sizeof(double));
    EXPECT_EQ((file.find(payload) - sizeof(double)) % 64, 0U);
}

TEST(Objects, ThatTakeNothingAreErrors) {
    struct Store {
        int write(std::span<const std::byte>) { return 0; }
    } store;
    expect_io(error_of([&] { dump(1, store); }), "the object's write() takes none of ");
}

TEST(Vectors, KeepWhatTheyHeldWhateverHappens) {
    std::vector<std::byte> bytes(3, std::byte{7});
    dump(numbers(10), bytes);
    const std::vector<std::byte> before = bytes;
    const DumpOptions failing{.progress = [](const Progress&) { throw Injected(); }};
    EXPECT_THROW(dump(numbers(), bytes, failing), Injected);
    ASSERT_GE(bytes.size(), before.size());
    EXPECT_TRUE(std::equal(before.begin(), before.end(), bytes.begin()));
    EXPECT_EQ(load<std::vector<double>>(std::span<const std::byte>(before).subspan(3)), numbers(10));
}

}  // namespace
}  // namespace jl::test
