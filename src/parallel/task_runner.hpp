// Runs tasks for another process, and tells it what becomes of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <sys/types.h>

#include <jl/detail/task_registry.hpp>

#include "parallel/parallel_context.hpp"
#include "parallel/socket_sink.hpp"
#include "parallel/worker_payloads.hpp"

namespace jl {

// One thread. Error{io} when nobody listens any more.
class TaskRunner {
  public:
    // `context`: that of the tasks.
    TaskRunner(SocketSink& sink, WorkerPayloads& payloads, ParallelContext context);

    // In this order: begin(), then run(), or tell_exception() when the tasks cannot be read, then end().
    void begin(std::uint64_t id);
    // `all`: when one has failed, too.
    void run(detail::TasksToRun& tasks, bool all);
    void tell_exception();             // the current one, as what the next task threw
    void end(std::uint8_t flags = 0);  // of the frame

  private:
    bool run_one(detail::TasksToRun& tasks, std::size_t index);
    static void flush();
    void leave_if_forked() const;

    SocketSink& sink_;
    WorkerPayloads& payloads_;
    const ParallelContext context_;
    const pid_t pid_;
    std::uint64_t id_ = 0;
};

}  // namespace jl
