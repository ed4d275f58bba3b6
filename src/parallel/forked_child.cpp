#include "parallel/forked_child.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <sys/prctl.h>
#include <unistd.h>
#include <utility>

#include <jl/error.hpp>

#include "io/system.hpp"
#include "parallel/inner_threads.hpp"
#include "parallel/socket_pair.hpp"
#include "parallel/task_runner.hpp"
#include "parallel/worker.hpp"

namespace jl {
namespace {

constexpr const char* name_for_people = "a child process";

// What it has of the parent besides its memory.
struct Inherited {
    int socket;        // that leads there
    pid_t parent;      // it
    std::uint64_t id;  // of the tasks
};

// No thread that waits for the end of the parent, as workers have it: to start one takes locks, which others may have
// held at the fork. The signal comes when the *thread* ends that forked.
void end_with_parent(pid_t parent) {
    (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(EXIT_FAILURE);
}

// Nothing of the call is touched here: whatever locks other threads held when it was forked are held for ever.
[[noreturn]] void run_child(const Inherited& inherited, const InheritedTasks& tasks,
                            const ForkedChild::Settings& settings) noexcept {
    int status = EXIT_SUCCESS;
    try {
        become_worker(WorkerKind::forked);
        end_with_parent(inherited.parent);
        SocketSink sink(inherited.socket, -1, "the parent's socket");
        WorkerPayloads payloads;
        payloads.set(settings.payloads);
        TaskRunner runner(sink, payloads, {.nesting_level = settings.nesting_level});
        runner.begin(inherited.id);
        const InnerThreads limited(settings.inner_threads);
        runner.run(*tasks.tasks, tasks.all);
        runner.end();
    } catch (const std::exception& error) {  // the parent is gone, or no memory
        std::fprintf(stderr, "jl: child %d: %s\n", static_cast<int>(::getpid()), error.what());
        status = EXIT_FAILURE;
    }
    ::_exit(status);  // what the program does at its end, the parent does
}

}  // namespace

ForkedChild::ForkedChild(ParallelJob& job, const Settings& settings, const std::vector<int>& not_its_own) {
    SocketPair sockets = socket_pair(name_for_people);
    socket_ = std::move(sockets.here);
    const std::size_t count = job.left();
    const InheritedTasks tasks = job.inherit();
    tasks_.emplace(job, SentTasks::new_id(), count, tasks.all);
    const Inherited inherited{.socket = sockets.there.get(), .parent = ::getpid(), .id = tasks_->id()};
    // What waits to be written would be written by the child, too.
    std::cout.flush();
    std::fflush(stdout);
    const pid_t pid = ::fork();
    if (pid == 0) {
        for (const int socket : not_its_own) ::close(socket);
        ::close(socket_.get());
        run_child(inherited, tasks, settings);
    }
    if (pid < 0) detail::fail_system(name_for_people, "start it", errno);
    process_ = std::make_unique<ChildProcess>(pid);
    source_.emplace(socket_.get(), process_->end_of_peer());
    heard_ = std::chrono::steady_clock::now();
}

bool ForkedChild::listen() {
    try {
        while (source_->wait(0)) {
            heard_ = std::chrono::steady_clock::now();
            const FrameReader::Came came = reader_.read(*source_);
            if (came == FrameReader::Came::end) return false;
            if (came == FrameReader::Came::frame && !take_frame()) return false;
        }
        return true;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::truncated) problem_ = error.what();
    }
    kill();
    return false;
}

bool ForkedChild::take_frame() {
    const Frame frame = reader_.take();
    const bool has_file = frame.header.type == FrameType::payload;
    if (!tasks_->take(frame, has_file ? source_->take_file() : Descriptor())) {
        problem_ = SentTasks::not_due(frame);
        kill();
        return false;
    }
    return !tasks_->have_ended();
}

std::string ForkedChild::end() {
    const std::string how = process_->end();
    return problem_.empty() ? how : "told what nobody could understand: " + problem_;
}

}  // namespace jl
