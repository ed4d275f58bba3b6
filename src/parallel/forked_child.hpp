// A child of fork() that runs tasks as it finds them in its copy of this process, and tells what becomes of them.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

#include <jl/parallel_backend.hpp>

#include "parallel/child_process.hpp"
#include "parallel/frame.hpp"
#include "parallel/sent_tasks.hpp"
#include "parallel/socket_source.hpp"
#include "parallel/worker_payloads.hpp"

namespace jl {

// In the parent; one thread at a time, but for kill().
class ForkedChild {
  public:
    struct Settings {
        int nesting_level = 1;                  // of the tasks
        std::optional<int> inner_threads = {};  // as InnerThreads has it
        PayloadSettings payloads = {};
    };

    // `not_its_own`: sockets of other children, which this one must not keep open. Error{io}: the system has no more
    // processes or files.
    ForkedChild(ParallelJob& job, const Settings& settings, const std::vector<int>& not_its_own);

    int socket() const noexcept { return socket_.get(); }
    pid_t pid() const noexcept { return process_->pid(); }
    int end_descriptor() const noexcept { return process_->descriptor(); }
    bool has_ended() const noexcept { return process_->has_ended(); }
    const SentTasks& tasks() const noexcept { return *tasks_; }
    SentTasks& tasks() noexcept { return *tasks_; }

    // Takes what it has told so far, without waiting for more. False: it has ended, or told what it may not and is
    // killed.
    bool listen();
    // When it was heard last.
    std::chrono::steady_clock::time_point heard() const noexcept { return heard_; }
    void kill() noexcept {
        if (process_) process_->kill();
    }
    // As ChildProcess, or what it told that it may not.
    std::string end();
    // Of one that has told everything, and leaves.
    std::unique_ptr<ChildProcess> take_process() noexcept { return std::move(process_); }

  private:
    bool take_frame();

    Descriptor socket_;
    std::unique_ptr<ChildProcess> process_;
    std::optional<SocketSource> source_;
    FrameReader reader_;
    std::optional<SentTasks> tasks_;
    std::chrono::steady_clock::time_point heard_;
    std::string problem_;  // with what it told
};

}  // namespace jl
