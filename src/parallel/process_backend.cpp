#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <jl/cpu_count.hpp>
#include <jl/error.hpp>

#include "parallel/backends.hpp"
#include "parallel/seconds_text.hpp"
#include "parallel/sent_tasks.hpp"
#include "parallel/worker_process.hpp"

namespace jl {
namespace {

// A worker may end, for its own reasons, after it was chosen and before it got the tasks; so often is no accident.
constexpr int most_false_starts = 3;
constexpr std::uint64_t no_limit = ~std::uint64_t{0};

// Threads that begin meanwhile leave signals to those of the program, but for what they cause themselves.
class WithoutSignals {
  public:
    WithoutSignals() {
        sigset_t all;
        ::sigfillset(&all);
        for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) ::sigdelset(&all, own);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    WithoutSignals(const WithoutSignals&) = delete;
    WithoutSignals& operator=(const WithoutSignals&) = delete;
    ~WithoutSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  private:
    sigset_t before_;
};

// Each worker of a call has a thread here that hands it one job after the other. A worker that dies takes the task that
// it ran with it: what comes behind goes to another one.
class ProcessBackend final : public ParallelBackend {
  public:
    ProcessBackend(std::string name, const BackendOptions& options) : name_(std::move(name)), options_(options) {}
    ~ProcessBackend() override { ProcessBackend::stop_call(); }

    std::string name() const override { return name_; }
    BackendCaps caps() const noexcept override {
        return {.sharedmem = false, .best_batch = 1e-3, .leaving = Leaving::tasks_and_results, .ends_tasks = true};
    }
    // A call inside of a task has the cores of its worker.
    int effective_n_jobs(int n_jobs) override {
        sharing_ = options_.nesting_level > 0 || is_worker() ? 1 : jl::effective_n_jobs(n_jobs);
        return sharing_;
    }

    void start_call(int n_jobs) override {
        if (has_more_rights_than_its_user())
            throw Error(ErrorCode::unsupported,
                        "this program has more rights than who started it (setuid, capabilities of its file): it "
                        "starts no worker processes, and serves as none");
        if (!may_start_workers())
            throw Error(ErrorCode::usage,
                        "Parallel starts this program again as its worker processes, and main has to know: call "
                        "jl::init(argc, argv) first of all in main");
        most_ = n_jobs;
        settings_ = {.inner_threads = options_.inner_max_num_threads.value_or(std::max(cpu_count() / sharing_, 1)),
                     .inner_forced = options_.inner_max_num_threads.has_value()};
        payloads_ = {.max_nbytes = options_.max_nbytes.value_or(no_limit),
                     .folder = options_.temp_folder,
                     .mode = options_.mmap_mode};
        if (!payloads_.folder.empty()) PayloadFile::require_folder(payloads_.folder);
        const bool is_shared = payloads_.mode == MmapMode::r_plus;
        arguments_.emplace(payloads_.max_nbytes, payloads_.folder,
                           is_shared ? ArgumentPayloads::Use::shared : ArgumentPayloads::Use::read);
    }
    void submit(std::shared_ptr<ParallelJob> job) override {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
        if (idle_ < jobs_.size() && static_cast<int>(drivers_.size()) < most_) add_driver();
        changed_.notify_one();
    }
    void give_up() noexcept override {
        const std::lock_guard lock(mutex_);
        given_up_ = true;
        for (Driver& driver : drivers_)
            if (driver.is_busy) driver.worker->kill();
    }
    void stop_call() noexcept override {
        {
            const std::lock_guard lock(mutex_);
            closing_ = true;
            changed_.notify_all();
        }
        for (Driver& driver : drivers_) driver.thread.join();
        try {
            give_workers_back();
        } catch (...) {  // no memory to keep them: they leave
        }
        drivers_.clear();
    }

  private:
    struct Driver {
        std::thread thread;
        std::unique_ptr<WorkerProcess> worker;
        bool is_busy = false;   // give_up() may kill the worker
        bool can_work = false;  // it has had a worker, and has not failed to get another one since
    };
    void give_workers_back() {
        std::vector<std::unique_ptr<WorkerProcess>> workers;
        for (Driver& driver : drivers_)
            if (driver.worker && driver.worker->forget_payloads()) workers.push_back(std::move(driver.worker));
        if (!workers.empty()) IdleWorkers::all().give_back(std::move(workers));
    }
    void add_driver() {
        const std::size_t before = drivers_.size();
        try {
            Driver& driver = drivers_.emplace_back();
            const WithoutSignals quiet;
            driver.thread = std::thread([this, &driver] { drive(driver); });
        } catch (...) {
            if (drivers_.size() > before) drivers_.pop_back();
            if (!drivers_.empty()) return;  // the others do it
            jobs_.pop_back();
            throw;
        }
    }
    void drive(Driver& driver) {
        while (const std::shared_ptr<ParallelJob> job = next()) {
            try {
                if (!driver.worker && !was_given_up()) start_worker(driver);
            } catch (...) {
                if (leave_to_others(job)) return;
                job->lose(reason_of_current_exception());
                continue;
            }
            serve(driver, *job);
        }
    }
    void start_worker(Driver& driver) {
        const auto note = [&](int change, bool can_work) {
            const std::lock_guard lock(mutex_);
            starting_ += change;
            driver.can_work = can_work;
            started_.notify_all();
        };
        note(1, false);
        try {
            driver.worker = IdleWorkers::all().take(settings_, [this] { return !was_given_up(); });
        } catch (...) {
            note(-1, false);
            throw;
        }
        note(-1, true);
    }
    // Where the system lets nobody start another process, those that are there do it.
    bool leave_to_others(const std::shared_ptr<ParallelJob>& job) {
        std::unique_lock lock(mutex_);
        const auto others_can = [&] {
            return std::any_of(drivers_.begin(), drivers_.end(), [](const Driver& other) { return other.can_work; });
        };
        started_.wait(lock, [&] { return starting_ == 0 || others_can(); });
        if (!others_can()) return false;
        jobs_.push_front(job);
        changed_.notify_one();
        return true;
    }
    std::shared_ptr<ParallelJob> next() {
        std::unique_lock lock(mutex_);
        ++idle_;
        changed_.wait(lock, [&] { return closing_ || !jobs_.empty(); });
        --idle_;
        if (jobs_.empty()) return nullptr;
        std::shared_ptr<ParallelJob> job = std::move(jobs_.front());
        jobs_.pop_front();
        return job;
    }

    void serve(Driver& driver, ParallelJob& job) {
        int false_starts = 0;
        try {
            while (job.left() > 0 && !was_given_up()) {
                if (!driver.worker) start_worker(driver);
                ArgumentPayloads::Message message(*arguments_);
                const EncodedTasks tasks = encoded(job, message);
                if (tasks.count == 0 && tasks.all) continue;
                if (tasks.count == 0 || !begin(driver)) break;
                SentTasks sent(job, SentTasks::new_id(), tasks.count, tasks.all);
                const TaskEnd how = send(*driver.worker, sent, tasks, message);
                if (sent.have_ended()) {
                    end(driver);
                    if (sent.process_leaves()) driver.worker.reset();
                    if (sent.stops()) break;
                    continue;
                }
                const pid_t pid = driver.worker->pid();
                const std::string reason = driver.worker->end();
                end(driver);
                driver.worker.reset();
                if (was_given_up() || sent.stops()) break;
                const std::string what =
                    "the worker process (pid " + std::to_string(pid) + ") " + reason + perhaps(reason, message);
                if (!sent.have_begun() && ++false_starts == most_false_starts)
                    return job.lose(what + " before it began, " + std::to_string(false_starts) + " times");
                sent.lose(how,
                          how == TaskEnd::timeout ? "not done within " + seconds_text(*options_.task_timeout) : what);
                if (sent.stops()) break;
            }
        } catch (...) {
            const std::string reason = reason_of_current_exception();
            if (end(driver)) driver.worker.reset();  // who knows what it is about to say
            return job.lose(reason);
        }
        job.finish();
    }

    // Until all of these tasks have an outcome, the first one that fails where that is enough, or the worker has gone:
    // what that makes of the task that it ran.
    TaskEnd send(WorkerProcess& worker, SentTasks& sent, const EncodedTasks& tasks,
                 const ArgumentPayloads::Message& message) const {
        const FrameHeader submit{.type = FrameType::submit, .flags = tasks.all, .id = sent.id()};
        if (!worker.tell(payloads_) || !worker.tell(message.used()) || !worker.send(submit, tasks.name, tasks.bytes)) {
            worker.kill();
            return TaskEnd::worker_lost;
        }
        while (!sent.have_ended()) {
            if (sent.one_runs() && options_.task_timeout && worker.is_silent_for(*options_.task_timeout)) {
                worker.kill();
                return TaskEnd::timeout;
            }
            const std::optional<Frame> frame = worker.receive();
            if (!frame) break;
            const bool has_file = frame->header.type == FrameType::payload;
            if (!sent.take(*frame, has_file ? worker.take_file() : Descriptor())) {
                worker.reject(SentTasks::not_due(*frame));
                break;
            }
        }
        return TaskEnd::worker_lost;
    }

    static EncodedTasks encoded(ParallelJob& job, ArgumentPayloads::Message& message) {
        const OutsideScope outside(message);
        return job.encode();
    }
    // Writing to memory that may only be read looks like any other wild pointer.
    std::string perhaps(const std::string& reason, const ArgumentPayloads::Message& message) const {
        const auto may_only_be_read = [&](const ArgumentPayloads::Shared& payload) {
            return payloads_.mode == MmapMode::r ||
                   (payloads_.mode == MmapMode::r_plus && !payload->file.is_writable());
        };
        const bool may_be = reason.find("signal 11") != std::string::npos &&
                            std::any_of(message.used().begin(), message.used().end(), may_only_be_read);
        return may_be ? ", perhaps since it wrote to an array that is mapped read-only (mmap_mode \"c\" allows it)"
                      : "";
    }

    bool begin(Driver& driver) {
        const std::lock_guard lock(mutex_);
        driver.is_busy = !given_up_;
        return driver.is_busy;
    }
    bool end(Driver& driver) {
        const std::lock_guard lock(mutex_);
        return std::exchange(driver.is_busy, false);
    }
    bool was_given_up() {
        const std::lock_guard lock(mutex_);
        return given_up_;
    }

    const std::string name_;
    const BackendOptions options_;
    int sharing_ = 1;  // workers that the cores are for; a call of few tasks takes those of the others
    int most_ = 1;     // drivers
    WorkerProcess::Settings settings_;
    PayloadSettings payloads_;
    std::optional<ArgumentPayloads> arguments_;
    std::mutex mutex_;
    std::condition_variable changed_;  // jobs_, closing_
    std::condition_variable started_;  // starting_, can_work
    std::deque<std::shared_ptr<ParallelJob>> jobs_;
    std::list<Driver> drivers_;
    std::size_t idle_ = 0;  // drivers that wait
    int starting_ = 0;      // drivers that start a worker
    bool closing_ = false;
    bool given_up_ = false;
};

}  // namespace

std::unique_ptr<ParallelBackend> make_process_backend(std::string name, const BackendOptions& options) {
    return std::make_unique<ProcessBackend>(std::move(name), options);
}

}  // namespace jl
