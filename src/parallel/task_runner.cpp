#include "parallel/task_runner.hpp"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <unistd.h>
#include <utility>
#include <vector>

#include "parallel/payload_frame.hpp"
#include "parallel/task_registry.hpp"

namespace jl {

TaskRunner::TaskRunner(SocketSink& sink, WorkerPayloads& payloads, ParallelContext context)
    : sink_(sink), payloads_(payloads), context_(std::move(context)), pid_(::getpid()) {}

void TaskRunner::begin(std::uint64_t id) {
    id_ = id;
    write_frame(sink_, {.type = FrameType::started, .id = id_});
}

void TaskRunner::run(detail::TasksToRun& tasks, bool all) {
    for (std::size_t i = 0; i < tasks.size(); ++i)
        if (!run_one(tasks, i) && !all) return;
}

bool TaskRunner::run_one(detail::TasksToRun& tasks, std::size_t index) {
    std::vector<std::byte> result;
    try {
        const ContextScope inside(context_);
        result = tasks.run(index, {}, [this](const detail::Writing& write) {
            const OutsideScope outside(payloads_);
            return message_of(write);
        });
    } catch (...) {
        leave_if_forked();
        payloads_.take_results();
        flush();
        tell_exception();
        return false;
    }
    leave_if_forked();
    flush();
    std::uint64_t number = 0;
    for (const PayloadFile& payload : payloads_.take_results()) write_payload(sink_, number++, payload);
    write_frame(sink_, {.type = FrameType::value, .id = id_}, {}, result);
    return true;
}

// What a task printed is there when it has ended, whatever becomes of the next one.
void TaskRunner::flush() {
    std::cout.flush();
    std::fflush(stdout);
}

// A child that a task made, and that came back from it as its parent did: it has the same socket.
void TaskRunner::leave_if_forked() const {
    if (::getpid() != pid_) ::_exit(EXIT_FAILURE);
}

void TaskRunner::tell_exception() {
    write_frame(sink_, {.type = FrameType::error, .id = id_}, description_of_current_exception());
}

void TaskRunner::end(std::uint8_t flags) { write_frame(sink_, {.type = FrameType::done, .flags = flags, .id = id_}); }

}  // namespace jl
