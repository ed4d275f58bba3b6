#include "parallel/worker_process.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <iterator>
#include <spawn.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

#include <jl/cpu_count.hpp>
#include <jl/error.hpp>

#include "io/system.hpp"
#include "parallel/payload_frame.hpp"
#include "parallel/program_image.hpp"
#include "parallel/socket_pair.hpp"

namespace jl {
namespace {

constexpr int hello_milliseconds = 60'000;
constexpr int slice_milliseconds = 100;
constexpr std::size_t fewest_idle = 16;

// joblib's list.
constexpr std::string_view thread_variables[] = {"OMP_NUM_THREADS",    "OPENBLAS_NUM_THREADS",   "MKL_NUM_THREADS",
                                                 "BLIS_NUM_THREADS",   "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS",
                                                 "NUMEXPR_NUM_THREADS"};

bool is_variable(std::string_view entry, std::string_view name) {
    return entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=';
}

std::vector<std::string> environment_of(const WorkerProcess::Settings& settings, const WorkerOrders& orders) {
    std::vector<std::string> entries;
    for (char** at = environ; at && *at; ++at)
        if (!is_variable(*at, WorkerOrders::variable)) entries.emplace_back(*at);
    for (const std::string_view name : thread_variables) {
        const auto has = [&](const std::string& entry) { return is_variable(entry, name); };
        const auto at = std::find_if(entries.begin(), entries.end(), has);
        const std::string wanted = std::string(name) + '=' + std::to_string(settings.inner_threads);
        if (at == entries.end())
            entries.push_back(wanted);
        else if (settings.inner_forced)
            *at = wanted;
    }
    entries.push_back(std::string(WorkerOrders::variable) + '=' + orders.text());
    return entries;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

constexpr int socket_of_worker = STDERR_FILENO + 1;

// The child has `socket` open, the standard streams and nothing else: a pipe that it held, too, would never end. No
// signal is blocked.
pid_t spawn(const WorkerProcess::Settings& settings, int socket) {
    std::vector<std::string> environment = environment_of(settings, {.socket = socket_of_worker});
    std::vector<std::string> arguments{program_invocation_name};
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    // What it prints must not be taken for the program's results, nor may it eat what the user types.
    ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (::fcntl(STDERR_FILENO, F_GETFD) < 0)
        ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, socket, socket_of_worker);  // clears close-on-exec
    ::posix_spawn_file_actions_addclosefrom_np(&files, socket_of_worker + 1);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    pid_t pid = -1;
    const int failed = ::posix_spawn(&pid, "/proc/self/exe", &files, &attributes, pointers_to(arguments).data(),
                                     pointers_to(environment).data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    if (failed != 0) detail::fail_system("a worker process", "start it", failed);
    return pid;
}

}  // namespace

WorkerProcess::WorkerProcess(const Settings& settings, const std::function<bool()>& is_wanted) : settings_(settings) {
    SocketPair sockets = socket_pair("a worker process");
    socket_ = std::move(sockets.here);
    process_.emplace(spawn(settings, sockets.there.get()));
    sockets.there = Descriptor();
    source_ = std::make_unique<SocketSource>(socket_.get(), process_->end_of_peer());
    sink_ = std::make_unique<SocketSink>(socket_.get(), process_->end_of_peer(), "the worker's socket");
    try {
        await_hello(is_wanted);
    } catch (...) {
        kill();
        throw;
    }
}

bool WorkerProcess::waits_for_hello(const std::function<bool()>& is_wanted) {
    for (int waited = 0; waited < hello_milliseconds; waited += slice_milliseconds) {
        if (source_->wait(slice_milliseconds)) return true;
        if (!is_wanted()) throw Error(ErrorCode::io, "is not wanted any more");
    }
    return false;
}

void WorkerProcess::await_hello(const std::function<bool()>& is_wanted) {
    std::string problem;
    try {
        if (!waits_for_hello(is_wanted)) {
            problem = "said nothing for " + std::to_string(hello_milliseconds / 1000) + " s";
        } else if (const std::optional<Frame> hello = read_frame(*source_); !hello) {
            problem = end();
        } else if (hello->header.type != FrameType::hello) {
            problem = "told something else than what it is";
        } else {
            problem = difference_from(hello->text);
        }
    } catch (const Error& error) {
        problem = error.what();
    }
    if (problem.empty()) return;
    throw Error(ErrorCode::io, "a worker process " + problem +
                                   " before it was ready; workers are this program: does its main begin with "
                                   "jl::init(argc, argv)?");
}

WorkerProcess::~WorkerProcess() {
    if (process_ && process_->is_mine()) ::shutdown(socket_.get(), SHUT_RDWR);  // it leaves
}

bool WorkerProcess::is_alive() { return process_->is_mine() && !source_->wait(0); }

bool WorkerProcess::send(const FrameHeader& header, std::string_view text, std::span<const std::byte> body) {
    try {
        write_frame(*sink_, header, text, body);
        return true;
    } catch (const Error&) {
        return false;
    }
}

bool WorkerProcess::tell(const PayloadSettings& settings) {
    if (told_settings_ == settings) return true;
    told_settings_ = settings;
    try {
        write_settings(*sink_, settings);
        return true;
    } catch (const Error&) {
        return false;
    }
}

bool WorkerProcess::tell(const std::vector<ArgumentPayloads::Shared>& payloads) {
    try {
        for (auto at = told_payloads_.begin(); at != told_payloads_.end();) {
            const auto next = std::next(at);
            if (at->second.expired()) forget(at);
            at = next;
        }
        for (const ArgumentPayloads::Shared& payload : payloads)
            if (told_payloads_.try_emplace(payload->number, payload).second)
                write_payload(*sink_, payload->number, payload->file);
        return true;
    } catch (const Error&) {
        return false;
    }
}

bool WorkerProcess::forget_payloads() {
    try {
        while (!told_payloads_.empty()) forget(told_payloads_.begin());
        return true;
    } catch (const Error&) {
        return false;
    }
}

void WorkerProcess::forget(Told payload) {
    write_frame(*sink_, {.type = FrameType::forget, .id = payload->first});
    told_payloads_.erase(payload);
}

bool WorkerProcess::is_silent_for(std::chrono::duration<double> time) {
    constexpr double most = 24 * 3600;  // poll's milliseconds are an int
    return time.count() < most && !source_->wait(static_cast<int>(std::ceil(time.count() * 1e3)));
}

std::optional<Frame> WorkerProcess::receive() {
    try {
        return read_frame(*source_);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::truncated) problem_ = error.what();
        kill();
        return std::nullopt;
    }
}

void WorkerProcess::reject(std::string problem) {
    problem_ = std::move(problem);
    kill();
}

std::string WorkerProcess::end() {
    const std::string how = process_->end();
    return problem_.empty() ? how : "told what nobody could understand: " + problem_;
}

IdleWorkers& IdleWorkers::all() {
    static auto& all = *new IdleWorkers();  // workers leave by themselves when this process ends
    return all;
}

std::unique_ptr<WorkerProcess> IdleWorkers::take(const WorkerProcess::Settings& settings,
                                                 const std::function<bool()>& is_wanted) {
    while (true) {
        std::unique_ptr<WorkerProcess> worker;
        {
            const std::lock_guard lock(mutex_);
            const auto fits = [&](const auto& idle) { return idle->settings() == settings; };
            const auto at = std::find_if(workers_.rbegin(), workers_.rend(), fits);
            if (at == workers_.rend()) break;
            worker = std::move(*at);
            workers_.erase(std::next(at).base());
        }
        if (worker->is_alive()) return worker;
    }
    return std::make_unique<WorkerProcess>(settings, is_wanted);
}

void IdleWorkers::give_back(std::vector<std::unique_ptr<WorkerProcess>> workers) {
    const std::size_t most = std::max({fewest_idle, 2 * static_cast<std::size_t>(cpu_count()), workers.size()});
    std::vector<std::unique_ptr<WorkerProcess>> leaving;  // they are waited for without the lock
    const std::lock_guard lock(mutex_);
    std::vector<std::unique_ptr<WorkerProcess>> staying;
    staying.reserve(workers_.size() + workers.size());  // or those that wait would be half moved
    leaving.reserve(workers_.size() + workers.size());
    for (auto& worker : workers_) (worker->is_alive() ? staying : leaving).push_back(std::move(worker));
    for (auto& worker : workers) staying.push_back(std::move(worker));
    const std::size_t too_many = staying.size() - std::min(staying.size(), most);
    for (std::size_t i = 0; i < too_many; ++i) leaving.push_back(std::move(staying[i]));
    staying.erase(staying.begin(), staying.begin() + static_cast<std::ptrdiff_t>(too_many));
    workers_ = std::move(staying);
}

}  // namespace jl
