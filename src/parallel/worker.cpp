#include "parallel/worker.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <unistd.h>

#include <jl/error.hpp>
#include <jl/file_descriptor.hpp>
#include <jl/init.hpp>

#include "parallel/frame.hpp"
#include "parallel/leave_with_parent.hpp"
#include "parallel/payload_frame.hpp"
#include "parallel/program_image.hpp"
#include "parallel/socket_sink.hpp"
#include "parallel/socket_source.hpp"
#include "parallel/task_registry.hpp"
#include "parallel/task_runner.hpp"
#include "parallel/worker_payloads.hpp"

namespace jl {
namespace {

std::atomic<bool> called_init{false};
std::atomic<WorkerKind> kind_of_this{WorkerKind::none};

// Bytes of memory that this process has to itself: maps of arrays are none of its own.
std::uint64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t all = 0, resident = 0, shared = 0;
    statm >> all >> resident >> shared;
    return (resident - std::min(shared, resident)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

class Worker {
  public:
    explicit Worker(const WorkerOrders& orders)
        : orders_(orders), source_(orders.socket, -1), sink_(orders.socket, -1, "the parent's socket") {}

    void work() {
        write_frame(sink_, {.type = FrameType::hello}, program_identity());
        const auto idle = static_cast<int>(std::min<std::uint32_t>(orders_.idle_seconds, 1'000'000) * 1'000);
        while (!leaves_ && source_.wait(idle)) {
            const std::optional<Frame> frame = read_frame(source_);
            if (!frame) return;
            take(*frame);
        }
    }

  private:
    void take(const Frame& frame) {
        switch (frame.header.type) {
            case FrameType::submit:
                return run(frame);
            case FrameType::settings:
                return payloads_.set(settings_in(frame));
            case FrameType::payload:
                return take_payload(frame);
            case FrameType::forget:
                return payloads_.forget(frame.header.id);
            default:
                return;
        }
    }

    // Where tasks left so many files open that there is no room for another one, this worker is of no more use.
    void take_payload(const Frame& frame) {
        Descriptor file = source_.take_file();
        leaves_after_tasks_ = leaves_after_tasks_ || !file;
        payloads_.tell(frame, std::move(file));
    }

    void run(const Frame& frame) {
        runner_.begin(frame.header.id);
        std::unique_ptr<detail::TasksToRun> tasks;
        try {
            const OutsideScope outside(payloads_);
            tasks = find_task(frame.text)(frame.body);
        } catch (...) {
            runner_.tell_exception();
        }
        if (tasks) runner_.run(*tasks, frame.header.flags != 0);
        tasks.reset();
        const std::uint64_t now = resident_bytes();
        if (first_bytes_ == 0) first_bytes_ = now;
        leaves_ = leaves_after_tasks_ || (now > first_bytes_ && now - first_bytes_ > orders_.most_growth);
        runner_.end(leaves_);
    }

    WorkerOrders orders_;
    SocketSource source_;
    SocketSink sink_;
    WorkerPayloads payloads_;
    TaskRunner runner_{sink_, payloads_, {.nesting_level = 1}};
    std::uint64_t first_bytes_ = 0;
    bool leaves_ = false;
    bool leaves_after_tasks_ = false;
};

[[noreturn]] void run_worker(const WorkerOrders& orders) {
    become_worker(WorkerKind::started);
    ::fcntl(orders.socket, F_SETFD, FD_CLOEXEC);
    int status = EXIT_SUCCESS;
    try {
        leave_with_parent(orders.socket, ::getppid());
        Worker(orders).work();
    } catch (const std::exception& error) {  // the parent is gone in the middle of a frame, or no memory
        std::fprintf(stderr, "jl: worker %d: %s\n", static_cast<int>(::getpid()), error.what());
        status = EXIT_FAILURE;
    }
    std::exit(status);
}

}  // namespace

std::string WorkerOrders::text() const {
    return std::to_string(socket) + ',' + std::to_string(idle_seconds) + ',' + std::to_string(most_growth);
}

std::optional<WorkerOrders> WorkerOrders::from(std::string_view text) {
    WorkerOrders orders;
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto number = [&](auto& value, char behind) {
        const auto [stop, error] = std::from_chars(at, end, value);
        if (error != std::errc() || value < 0) return false;
        at = stop;
        if (behind == 0) return at == end;
        return at != end && *at++ == behind;
    };
    if (!number(orders.socket, ',') || !number(orders.idle_seconds, ',') || !number(orders.most_growth, 0))
        return std::nullopt;
    return orders;
}

bool may_start_workers() noexcept { return called_init; }
WorkerKind worker_kind() noexcept { return kind_of_this; }
void become_worker(WorkerKind kind) noexcept { kind_of_this = kind; }
bool has_more_rights_than_its_user() noexcept { return ::getauxval(AT_SECURE) != 0; }

void init(int, char**) {
    // Whoever starts a program that has more rights than himself gives it no orders.
    const char* const text = ::secure_getenv(WorkerOrders::variable);
    if (!text) {
        called_init = true;
        return;
    }
    const std::string told = text;
    const auto orders = WorkerOrders::from(told);
    ::unsetenv(WorkerOrders::variable);  // what a task starts is no worker
    int type = 0;
    socklen_t size = sizeof type;
    if (orders && ::getsockopt(orders->socket, SOL_SOCKET, SO_TYPE, &type, &size) == 0) run_worker(*orders);
    throw Error(ErrorCode::usage, std::string("$") + WorkerOrders::variable +
                                      " is for workers that jl starts, it is '" + told + "' here");
}

}  // namespace jl
