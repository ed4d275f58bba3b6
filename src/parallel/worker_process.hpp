// A worker process as its parent sees it, and the ones that wait for work.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include <jl/file_descriptor.hpp>

#include "io/file.hpp"
#include "io/fork_safe_mutex.hpp"
#include "parallel/argument_payloads.hpp"
#include "parallel/child_process.hpp"
#include "parallel/frame.hpp"
#include "parallel/socket_sink.hpp"
#include "parallel/socket_source.hpp"
#include "parallel/worker.hpp"
#include "parallel/worker_payloads.hpp"

namespace jl {

// Used by one thread at a time, but for kill(). The destructor tells the worker to leave, sees to that it does, and
// leaves no zombie.
class WorkerProcess {
  public:
    struct Settings {
        int inner_threads = 1;      // of OpenMP, OpenBLAS, …
        bool inner_forced = false;  // against what the environment says
        bool operator==(const Settings&) const = default;
    };

    // Starts this program as a worker and waits until it is ready, or nobody wants it any more. Error{io}: it cannot be
    // started, with the reason.
    WorkerProcess(const Settings& settings, const std::function<bool()>& is_wanted);
    WorkerProcess(const WorkerProcess&) = delete;
    WorkerProcess& operator=(const WorkerProcess&) = delete;
    ~WorkerProcess();

    const Settings& settings() const noexcept { return settings_; }
    pid_t pid() const noexcept { return process_->pid(); }
    bool is_alive();  // while it waits for work
    // False: it is gone.
    bool send(const FrameHeader& header, std::string_view text, std::span<const std::byte> body);
    bool is_silent_for(std::chrono::duration<double> time);
    std::optional<Frame> receive();  // nothing: it is gone, or told what it may not and is killed
    // What it told it may not have told: it is killed.
    void reject(std::string problem);
    Descriptor take_file() noexcept { return source_->take_file(); }  // that came with the frames so far
    // What it has to know before tasks, where it does not yet; payloads that nobody has any more are forgotten. False:
    // it is gone.
    bool tell(const PayloadSettings& settings);
    bool tell(const std::vector<ArgumentPayloads::Shared>& payloads);
    bool forget_payloads();
    void kill() noexcept { process_->kill(); }  // any thread
    // As ChildProcess, or what it told that it may not.
    std::string end();

  private:
    void await_hello(const std::function<bool()>& is_wanted);
    bool waits_for_hello(const std::function<bool()>& is_wanted);

    Settings settings_;
    Descriptor socket_;
    std::optional<ChildProcess> process_;
    std::unique_ptr<SocketSource> source_;
    std::unique_ptr<SocketSink> sink_;
    std::optional<PayloadSettings> told_settings_;
    using ToldPayloads = std::map<std::uint64_t, std::weak_ptr<const NumberedPayload>>;
    using Told = ToldPayloads::iterator;
    void forget(Told payload);
    ToldPayloads told_payloads_;
    std::string problem_;  // with what it told
};

// Workers that no call uses. Thread-safe.
class IdleWorkers {
  public:
    static IdleWorkers& all();
    // One that waits, or a new one.
    std::unique_ptr<WorkerProcess> take(const WorkerProcess::Settings& settings,
                                        const std::function<bool()>& is_wanted);
    // Those that ended are cleared away, those beyond a number told to leave, the oldest first.
    void give_back(std::vector<std::unique_ptr<WorkerProcess>> workers);

  private:
    ForkSafeMutex mutex_;
    std::vector<std::unique_ptr<WorkerProcess>> workers_;
};

}  // namespace jl
