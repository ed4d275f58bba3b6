// Arrays whose files do not come through to a worker: the tasks that want them fail and say why, the others run.
#include "parallel/worker_payloads.hpp"

#include <array>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include <jl/jl.hpp>

#include "parallel/payload_frame.hpp"
#include "parallel/socket_source.hpp"
#include "support/child_process.hpp"
#include "support/error.hpp"
#include "support/peak_memory.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

using namespace std::chrono_literals;

constexpr std::uint64_t many = 200'000;  // 1.6 MB

// One new worker; a timeout has even one job run there.
ParallelOptions one_worker(std::size_t batch) {
    static int threads = 5'000;
    ParallelOptions options{.n_jobs = 1, .backend = "loky", .batch_size = batch};
    options.task_timeout = 100s;
    options.inner_max_num_threads = ++threads;
    return options;
}

Array<double> filled_with(double value) {
    Array<double> array({many});
    for (double& x : array) x = value;
    return array;
}

// First item + `add`. -1: leaves so many files open that the process can open no more.
double first_item(const Array<double>& array, int add) {
    if (add < 0) {
        const rlimit few{64, 64};
        ::setrlimit(RLIMIT_NOFILE, &few);
        while (::open("/dev/null", O_RDONLY) >= 0) continue;
    }
    return (array.size() > 0 ? array(0U) : 0) + add;
}
using Task = decltype(delayed(first_item)(Array<double>(), 0));

TEST(WorkerPayloads, ThatFindNoRoomInAWorkerAreTheErrorOfTheirTasks) {
    if (instrumented) return;  // sanitizers need files, too
    const ParallelOptions options = one_worker(3);
    const Array<double> none({0}), ones = filled_with(1), twos = filled_with(2);
    const auto outcomes = Parallel(options).outcomes(
        std::vector<Task>{delayed(first_item)(none, -1), delayed(first_item)(none, 1), delayed(first_item)(none, 2),
                          delayed(first_item)(none, 3), delayed(first_item)(ones, 4), delayed(first_item)(none, 5),
                          delayed(first_item)(twos, 6), delayed(first_item)(ones, 7), delayed(first_item)(none, 8)});
    ASSERT_EQ(outcomes.size(), 9U);
    for (const std::size_t i : {1U, 2U, 3U, 5U, 8U}) EXPECT_EQ(*outcomes[i], static_cast<double>(i));
    ASSERT_FALSE(outcomes[4]);
    EXPECT_EQ(outcomes[4].error().end(), TaskEnd::exception);
    EXPECT_THAT(
        outcomes[4].error().what(),
        AllOf(HasSubstr("task 4: "), HasSubstr("an array came without its file: the process has too many open")));
    // That worker has left, the next one has room.
    EXPECT_EQ(*outcomes[6], 8);
    EXPECT_EQ(*outcomes[7], 8);
}

TEST(WorkerPayloads, OfAFileThatWasCutOffAreTheErrorOfTheirTasks) {
    const TempDir folder;
    const std::string path = folder / "x.pkl";
    dump(filled_with(3), path);
    const auto array = load<Array<double>>(path, {.mmap_mode = MmapMode::r});
    std::filesystem::resize_file(path, 4'096);
    const Array<double> none({0});
    for (const std::size_t batch : {1U, 3U}) {
        const auto outcomes =
            Parallel(one_worker(batch))
                .outcomes(std::vector<Task>{delayed(first_item)(none, 1), delayed(first_item)(array, 2),
                                            delayed(first_item)(none, 3)});
        EXPECT_EQ(*outcomes[0], 1);
        ASSERT_FALSE(outcomes[1]);
        EXPECT_EQ(outcomes[1].error().end(), TaskEnd::exception);
        EXPECT_THAT(outcomes[1].error().what(), AllOf(HasSubstr("task 1: "), HasSubstr("of a file of 4096")));
        EXPECT_EQ(*outcomes[2], 3);
    }
}

Descriptor memory_with(const char* text) {
    Descriptor memory(::memfd_create("text", MFD_CLOEXEC));
    EXPECT_EQ(::write(memory.get(), text, std::strlen(text)), static_cast<ssize_t>(std::strlen(text)));
    return memory;
}

// The first file of two finds no room: the second must not be taken for it.
TEST(WorkerPayloads, AreNotTakenForOneThatFoundNoRoom) {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    SocketSink sink(ends[0], -1, "the socket");
    const Descriptor one = memory_with("one"), two = memory_with("two");
    const std::array<std::byte, 8> bytes{};
    sink.write_with(bytes, one.get());
    sink.write_with(bytes, two.get());
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    SocketSource source(ends[1], -1);
    std::array<std::byte, 8> into{};
    {
        const rlimit none{0, before.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &none);
        EXPECT_EQ(source.read(into), into.size());
        ::setrlimit(RLIMIT_NOFILE, &before);
    }
    EXPECT_EQ(source.read(into), into.size());
    EXPECT_FALSE(source.take_file());
    const Descriptor second = source.take_file();
    ASSERT_TRUE(second);
    std::array<char, 3> text{};
    EXPECT_EQ(::pread(second.get(), text.data(), text.size(), 0), 3);
    EXPECT_EQ(std::string(text.data(), text.size()), "two");
    for (const int end : ends) ::close(end);
}

Frame payload_frame(std::uint64_t number) {
    return {.header = {.type = FrameType::payload, .id = number}, .text = {}, .body = std::vector<std::byte>(16)};
}

TEST(WorkerPayloads, ThatAreBrokenAreKnownByTheirNumbers) {
    WorkerPayloads arguments;
    arguments.tell(payload_frame(7), Descriptor());
    arguments.tell(payload_frame(8), memory_with("eight"));
    EXPECT_THAT(arguments.get(7).problem, HasSubstr("without its file"));
    EXPECT_EQ(arguments.get(8).problem, "");
    EXPECT_EQ(error_of([&] { arguments.get(9); }).code(), ErrorCode::format);
    arguments.tell(payload_frame(7), memory_with("seven"));
    EXPECT_EQ(arguments.get(7).problem, "");
    ResultPayloads results;
    results.tell(payload_frame(0), memory_with("zero"));
    results.tell(payload_frame(1), Descriptor());
    EXPECT_EQ(results.get(0).problem, "");
    EXPECT_THAT(results.get(1).problem, HasSubstr("without its file"));
    EXPECT_EQ(error_of([&] { results.get(2); }).code(), ErrorCode::format);
}

}  // namespace
}  // namespace jl::test
