#include <algorithm>
#include <cmath>
#include <deque>
#include <list>
#include <mutex>
#include <poll.h>
#include <string>
#include <utility>
#include <vector>

#include <jl/cpu_count.hpp>
#include <jl/error.hpp>

#include "parallel/backends.hpp"
#include "parallel/forked_child.hpp"
#include "parallel/seconds_text.hpp"
#include "parallel/thread_count.hpp"
#include "parallel/worker.hpp"

namespace jl {
namespace {

using Clock = std::chrono::steady_clock;

// A child that dies before it begins did not do so because of its tasks; so often is no accident.
constexpr int most_false_starts = 3;
constexpr std::uint64_t no_limit = ~std::uint64_t{0};
constexpr std::string_view allow_threads = "?allow_threads=1";

bool allows_threads(const std::string& address) {
    if (!address.empty() && address != allow_threads)
        throw Error(ErrorCode::usage, "ForkBackend does not know the address '" + address + "': it is none, or '" +
                                          std::string(allow_threads) + "'");
    return !address.empty();
}

// A copy of this process has the thread that forks and no other one: what others hold at that moment is held for ever.
void require_one_thread() {
    const std::size_t count = thread_count();
    if (count == 1) return;
    throw Error(
        ErrorCode::usage,
        "ForkBackend runs tasks in copies of this process, which has " + std::to_string(count) +
            " threads: a copy has only the one that makes it, and a lock that another one holds stays locked "
            "there. Call Parallel before threads begin, those of libraries too (oneTBB, OpenMP and OpenBLAS keep "
            "theirs), or take backend 'multiprocessing', whose workers begin anew. Where it is known to go well, "
            "backend 'fork:" +
            std::string(allow_threads) + "' does it nevertheless");
}

// A child for each job. No thread of ours: children are forked, and heard, by the thread that waits for results, at a
// moment when it holds no lock.
class ForkBackend final : public ParallelBackend {
  public:
    explicit ForkBackend(const BackendOptions& options)
        : options_(options), allows_threads_(allows_threads(options.address)) {}
    ~ForkBackend() override { ForkBackend::stop_call(); }

    std::string name() const override { return "ForkBackend"; }
    BackendCaps caps() const noexcept override {
        return {.sharedmem = false, .best_batch = 20e-3, .leaving = Leaving::results, .ends_tasks = true};
    }
    // A call inside of a task has the core of its process.
    int effective_n_jobs(int n_jobs) override {
        return options_.nesting_level > 0 || is_worker() ? 1 : jl::effective_n_jobs(n_jobs);
    }

    void start_call(int n_jobs) override {
        if (!allows_threads_) require_one_thread();
        most_ = static_cast<std::size_t>(n_jobs);
        settings_ = {
            .nesting_level = options_.nesting_level + 1,
            .inner_threads = options_.inner_max_num_threads,
            .payloads = {.max_nbytes = options_.max_nbytes.value_or(no_limit), .folder = options_.temp_folder}};
        if (!options_.temp_folder.empty()) PayloadFile::require_folder(options_.temp_folder);
    }
    void submit(std::shared_ptr<ParallelJob> job) override {
        waiting_.push_back({std::move(job)});
        start_children();
    }
    bool help(Until until) override {
        start_children();
        if (children_.empty()) return false;
        wait_for_children(until);
        for (std::size_t i = 0; i < ready_.size(); ++i) hear(ready_[i]);  // which may make room for others
        start_children();
        return true;
    }
    void give_up() noexcept override {
        const std::lock_guard lock(mutex_);
        given_up_ = true;
        for (Child& child : children_) child.process.kill();
    }
    void stop_call() noexcept override {
        waiting_.clear();
        const std::lock_guard lock(mutex_);
        for (Child& child : children_) child.process.kill();
        children_.clear();
        leaving_.clear();
    }

  private:
    struct Waiting {  // makes its way without another request for memory
        std::shared_ptr<ParallelJob> job;
        int false_starts = 0;
    };
    struct Child {
        std::list<Waiting> work;  // one
        ForkedChild process;
        Child(ParallelJob& job, const ForkedChild::Settings& settings, const std::vector<int>& not_its_own)
            : process(job, settings, not_its_own) {}
    };
    using At = std::list<Child>::iterator;

    void start_children() {
        while (!waiting_.empty() && children_.size() < most_) {
            std::list<Waiting> next;
            next.splice(next.end(), waiting_, waiting_.begin());
            const std::shared_ptr<ParallelJob> job = next.front().job;
            if (was_given_up() || job->left() == 0) {
                job->finish();
                continue;
            }
            try {
                start_child(next);
            } catch (...) {
                if (!children_.empty()) return waiting_.splice(waiting_.begin(), next);  // when one of them has ended
                job->lose(reason_of_current_exception());
            }
        }
    }
    void start_child(std::list<Waiting>& work) {
        if (!allows_threads_) require_one_thread();
        std::vector<int> not_its_own;
        for (const Child& other : children_) not_its_own.push_back(other.process.socket());
        events_.reserve(2 * (children_.size() + 1));
        ready_.reserve(children_.size() + 1);
        std::list<Child> one;
        one.emplace_back(*work.front().job, settings_, not_its_own);
        one.back().work.splice(one.back().work.end(), work);
        const std::lock_guard lock(mutex_);
        children_.splice(children_.end(), one);
        if (given_up_) children_.back().process.kill();
    }

    // Until there are ready ones: they have told something, or ended, or run a task for too long.
    void wait_for_children(Until until) {
        events_.clear();
        ready_.clear();
        for (Child& child : children_) {
            events_.push_back({child.process.socket(), POLLIN, 0});
            events_.push_back({child.process.end_descriptor(), POLLIN, 0});  // a negative one is ignored
            if (const Until end = end_of_task(child)) until = std::min(until.value_or(*end), *end);
            // Where nothing tells of its end, and its socket does not while others hold it, it is asked now and then.
            const auto soon = Clock::now() + std::chrono::milliseconds(250);
            if (child.process.end_descriptor() < 0) until = std::min(until.value_or(soon), soon);
        }
        ::poll(events_.data(), events_.size(), milliseconds_until(until));
        std::size_t i = 0;
        for (At child = children_.begin(); child != children_.end(); ++child, i += 2)
            if (events_[i].revents != 0 || events_[i + 1].revents != 0 || is_late(*child) ||
                (child->process.end_descriptor() < 0 && child->process.has_ended()))
                ready_.push_back(child);
    }
    Until end_of_task(const Child& child) const {
        constexpr double most = 24 * 3600;  // poll's milliseconds are an int
        if (!options_.task_timeout || options_.task_timeout->count() >= most || !child.process.tasks().one_runs())
            return std::nullopt;
        return child.process.heard() + std::chrono::duration_cast<Clock::duration>(*options_.task_timeout);
    }
    bool is_late(const Child& child) const {
        const Until end = end_of_task(child);
        return end && Clock::now() >= *end;
    }
    static int milliseconds_until(Until until) {
        constexpr double most = 1e9;
        if (!until) return -1;
        const double left = std::chrono::duration<double, std::milli>(*until - Clock::now()).count();
        return static_cast<int>(std::ceil(std::clamp(left, 0.0, most)));
    }

    void hear(At at) {
        const std::shared_ptr<ParallelJob> job = at->work.front().job;
        std::list<Child> gone;
        try {
            TaskEnd how = TaskEnd::worker_lost;
            if (at->process.listen()) {  // what it told meanwhile counts
                if (!is_late(*at)) return;
                how = TaskEnd::timeout;
                at->process.kill();
            }
            gone = taken_out(at);
            close(gone.front(), how);
        } catch (...) {
            if (gone.empty()) gone = taken_out(at);
            gone.front().process.kill();
            job->lose(reason_of_current_exception());
        }
    }
    // `how`: what becomes of the task that runs.
    void close(Child& child, TaskEnd how) {
        SentTasks& tasks = child.process.tasks();
        Waiting& work = child.work.front();
        if (tasks.have_ended()) {
            let_leave(child.process);
        } else {
            const pid_t pid = child.process.pid();
            const std::string what = "the child process (pid " + std::to_string(pid) + ") " + child.process.end();
            if (was_given_up()) return work.job->finish();
            if (!tasks.have_begun() && ++work.false_starts == most_false_starts)
                return work.job->lose(what + " before it began, " + std::to_string(most_false_starts) + " times");
            tasks.lose(how, how == TaskEnd::timeout ? "not done within " + seconds_text(*options_.task_timeout) : what);
        }
        if (work.job->left() == 0 || tasks.stops() || was_given_up()) return work.job->finish();
        waiting_.splice(waiting_.begin(), child.work);
    }
    // The end of a process with much memory takes a while.
    void let_leave(ForkedChild& child) {
        leaving_.push_back(child.take_process());
        std::erase_if(leaving_, [](const auto& process) { return process->has_ended(); });
        if (leaving_.size() > most_) leaving_.pop_front();
    }
    std::list<Child> taken_out(At child) {
        std::list<Child> one;
        const std::lock_guard lock(mutex_);
        one.splice(one.end(), children_, child);
        return one;
    }
    bool was_given_up() {
        const std::lock_guard lock(mutex_);
        return given_up_;
    }

    const BackendOptions options_;
    const bool allows_threads_;
    std::size_t most_ = 1;  // children at a time
    ForkedChild::Settings settings_;
    std::list<Waiting> waiting_;
    std::vector<pollfd> events_;  // room for all children
    std::vector<At> ready_;
    std::deque<std::unique_ptr<ChildProcess>> leaving_;  // that have told everything
    std::mutex mutex_;                                   // give_up() comes from any thread; all else from one
    std::list<Child> children_;
    bool given_up_ = false;
};

}  // namespace

std::unique_ptr<ParallelBackend> make_fork_backend(const BackendOptions& options) {
    return std::make_unique<ForkBackend>(options);
}

}  // namespace jl
