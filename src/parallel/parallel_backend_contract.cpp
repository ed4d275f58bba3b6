#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include <jl/error.hpp>
#include <jl/parallel.hpp>
#include <jl/parallel_backend.hpp>
#include <jl/parallel_backend_contract.hpp>

#include "parallel/backends.hpp"
#include "parallel/contract_jobs.hpp"
#include "parallel/contract_tasks.hpp"
#include "parallel/sent_tasks.hpp"

namespace jl {
namespace {

namespace contract = detail::contract;

struct Backend {
    std::string name;
    int n_jobs;
    ParallelOptions options(ParallelOptions others = {}) const {
        others.n_jobs = n_jobs;
        others.backend = name;
        return others;
    }
};

[[noreturn]] void broken(const std::string& what) { throw std::runtime_error(what); }

void require(bool kept, const std::string& what) {
    if (!kept) broken(what);
}

template <auto Function>
auto tasks_of(std::int64_t count) {
    std::vector<decltype(delayed<Function>(std::int64_t{0}))> tasks;
    for (std::int64_t i = 0; i < count; ++i) tasks.push_back(delayed<Function>(i));
    return tasks;
}

void require_twice(const std::vector<std::int64_t>& results, std::size_t count) {
    require(results.size() == count,
            std::to_string(results.size()) + " results of " + std::to_string(count) + " tasks");
    for (std::size_t i = 0; i < count; ++i)
        require(
            results[i] == static_cast<std::int64_t>(2 * i),
            "task " + std::to_string(i) + ": " + std::to_string(results[i]) + " instead of " + std::to_string(2 * i));
}

void answers_for_every_n_jobs(const Backend& backend) {
    for (const int n_jobs : {-1, 1, backend.n_jobs}) {
        const int answer = make_backend(backend.name, {})->effective_n_jobs(n_jobs);
        require(answer >= 1, "effective_n_jobs(" + std::to_string(n_jobs) + ") is " + std::to_string(answer));
    }
}

void keeps_the_order(const Backend& backend) {
    for (const std::size_t batch : {std::size_t{1}, std::size_t{7}, std::size_t{1'000}}) {
        const auto results = Parallel(backend.options({.batch_size = batch}))(tasks_of<&contract::twice>(2'500));
        require_twice(results, 2'500);
    }
    require_twice(Parallel(backend.options())(tasks_of<&contract::twice>(2'500)), 2'500);
}

void runs_few_tasks(const Backend& backend) {
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{2}})
        require_twice(Parallel(backend.options())(tasks_of<&contract::twice>(static_cast<std::int64_t>(count))), count);
    Parallel{backend.options()}(tasks_of<&contract::nothing>(3));
}

// All of them are out before one has ended: a queue that is full may neither refuse nor wait.
void takes_many_jobs_at_once(const Backend& backend) {
    const auto results =
        Parallel(backend.options({.pre_dispatch = "all", .batch_size = 1}))(tasks_of<&contract::twice>(3'000));
    require_twice(results, 3'000);
}

// As where the range of tasks throws, or is empty.
void begins_and_ends_without_jobs(const Backend& backend) {
    (void)make_backend(backend.name, {});
    for (const int give_ups : {0, 1, 2}) {
        const auto made = make_backend(backend.name, {});
        made->start_call(made->effective_n_jobs(backend.n_jobs));
        for (int i = 0; i < give_ups; ++i) made->give_up();
        made->stop_call();
    }
    require_twice(Parallel(backend.options())(tasks_of<&contract::twice>(100)), 100);
}

void ends_every_job_once(const Backend& backend) {
    ContractJobs jobs(50);
    const auto made = make_backend(backend.name, {});
    made->start_call(made->effective_n_jobs(backend.n_jobs));
    for (std::size_t i = 0; i < jobs.count(); ++i) made->submit(jobs.job(i));
    while (!jobs.have_ended())
        if (!made->help({})) jobs.wait_a_little();
    made->stop_call();
    require(jobs.were_dropped() == 0, std::to_string(jobs.were_dropped()) + " jobs were dropped");
    for (std::size_t i = 0; i < jobs.count(); ++i)
        require(jobs.ends_of(i) == 1, "job " + std::to_string(i) + " ended " + std::to_string(jobs.ends_of(i)) +
                                          " times: run(), lose() and finish() are for once, one of them");
}

void carries_long_values(const Backend& backend) {
    std::vector<decltype(delayed<&contract::as_long_as>(std::vector<double>()))> tasks;
    for (const std::size_t length : {std::size_t{0}, std::size_t{1'000}, std::size_t{400'000}})
        tasks.push_back(delayed<&contract::as_long_as>(std::vector<double>(length, 1.5)));
    const auto results = Parallel(backend.options())(tasks);
    require(results.at(0) == std::vector{0.5}, "an empty argument did not arrive as such");
    require(results.at(2).size() == 400'001 && results[2].front() == 1.5 && results[2].back() == 0.5,
            "3 MB did not come back as they went");
}

void names_the_task_that_threw(const Backend& backend) {
    try {
        Parallel{backend.options({.pre_dispatch = 1, .batch_size = 1})}(tasks_of<&contract::odd_ones_fail>(50));
    } catch (const TaskError& error) {
        require(error.index() == 1, "task " + std::to_string(error.index()) + " is named instead of task 1");
        require(error.end() == TaskEnd::exception,
                std::string("the error is not told as an exception: ") + error.what());
        require(std::string(error.what()).find("odd") != std::string::npos,
                std::string("what the task said is lost: ") + error.what());
        return;
    }
    broken("a task threw, and the call did not");
}

void keeps_the_results_beside_errors(const Backend& backend) {
    const auto outcomes = Parallel(backend.options({.batch_size = 5})).outcomes(tasks_of<&contract::odd_ones_fail>(50));
    require(outcomes.size() == 50, std::to_string(outcomes.size()) + " outcomes of 50 tasks");
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        require(outcomes[i].has_value() == (i % 2 == 0), "task " + std::to_string(i) + " has the outcome of another");
        if (outcomes[i])
            require(*outcomes[i] == static_cast<std::int64_t>(i), "task " + std::to_string(i) + " has another's value");
        else
            require(outcomes[i].error().index() == i, "the error of task " + std::to_string(i) + " names another");
    }
}

void streams_results(const Backend& backend) {
    for (const ReturnAs order : {ReturnAs::generator, ReturnAs::generator_unordered}) {
        const auto tasks = tasks_of<&contract::twice>(200);
        std::vector<std::int64_t> results;
        for (const std::int64_t x : Parallel(backend.options({.return_as = order})).stream(tasks)) results.push_back(x);
        if (order == ReturnAs::generator_unordered) std::sort(results.begin(), results.end());
        require_twice(results, 200);
    }
}

void lets_a_stream_go(const Backend& backend) {
    const auto tasks = tasks_of<&contract::twice>(1'000);
    for (int round = 0; round < 20; ++round)
        for (const std::int64_t x : Parallel(backend.options({.batch_size = 1})).stream(tasks)) {
            require(x == 0, "the first result is not the first task's");
            break;
        }
    require_twice(Parallel(backend.options())(tasks), 1'000);
}

// One that runs tasks inside of submit cannot give up on them, but must not be wrong.
void ends_after_a_timeout(const Backend& backend) {
    const auto tasks = tasks_of<&contract::slowly>(4);
    try {
        const auto results = Parallel(backend.options({.timeout = std::chrono::milliseconds(50)}))(tasks);
        require(results == std::vector<std::int64_t>({0, 1, 2, 3}), "results without their values");
    } catch (const TaskError& error) {
        require(error.end() == TaskEnd::timeout, std::string("not told as a timeout: ") + error.what());
    }
    require_twice(Parallel(backend.options())(tasks_of<&contract::twice>(100)), 100);
}

void ends_when_it_is_told_to(const Backend& backend) {
    std::stop_source stop;
    stop.request_stop();
    try {
        Parallel{backend.options({.stop = stop.get_token()})}(tasks_of<&contract::twice>(1'000));
    } catch (const TaskError& error) {
        require(error.end() == TaskEnd::cancelled, std::string("not told as cancelled: ") + error.what());
        return;
    }
    broken("a call that was told to stop gave results");
}

// What waits has to end without being run.
void ends_what_is_queued(const Backend& backend) {
    std::stop_source stop;
    std::jthread soon([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(400));
        stop.request_stop();
    });
    const auto call = Parallel(backend.options({.pre_dispatch = "all", .batch_size = 1, .stop = stop.get_token()}));
    const auto outcomes = call.outcomes(tasks_of<&contract::slowly>(300));
    require(outcomes.size() == 300, std::to_string(outcomes.size()) + " outcomes of 300 tasks");
    for (const auto& outcome : outcomes)
        require(
            outcome || outcome.error().end() == TaskEnd::cancelled,
            outcome ? "" : std::string("a task that did not run is not told as cancelled: ") + outcome.error().what());
    require_twice(Parallel(backend.options())(tasks_of<&contract::twice>(100)), 100);
}

template <auto Function>
auto inner_tasks_of(const std::string& backend, std::int64_t count) {
    std::vector<decltype(delayed<Function>(backend, std::int64_t{0}))> tasks;
    for (std::int64_t i = 0; i < count; ++i) tasks.push_back(delayed<Function>(backend, i));
    return tasks;
}

void allows_calls_inside_of_tasks(const Backend& backend) {
    for (const std::string& inner : {std::string(), backend.name}) {
        const auto tasks = inner_tasks_of<&contract::inner_sum>(inner, 20);
        const auto results = Parallel(backend.options({.batch_size = 1}))(tasks);
        for (std::size_t n = 0; n < results.size(); ++n)
            require(results[n] == static_cast<std::int64_t>(n * n) - static_cast<std::int64_t>(n),
                    "a call inside of task " + std::to_string(n) + " gave wrong results");
    }
}

void allows_streams_to_be_dropped_inside_of_tasks(const Backend& backend) {
    for (const std::string& inner : {std::string(), backend.name}) {
        const auto tasks = inner_tasks_of<&contract::first_of_a_stream>(inner, 20);
        const auto results = Parallel(backend.options({.batch_size = 1}))(tasks);
        for (std::size_t n = 0; n < results.size(); ++n)
            require(results[n] == static_cast<std::int64_t>(n),
                    "a stream inside of task " + std::to_string(n) + " gave a wrong result");
    }
}

// All workers have such a task, and no thread that waits for results in time runs others meanwhile.
void allows_timeouts_inside_of_tasks(const Backend& backend) {
    for (const std::string& inner : {std::string(), backend.name}) {
        const auto tasks = inner_tasks_of<&contract::inner_sum_in_time>(inner, 20);
        const auto results = Parallel(backend.options({.batch_size = 1}))(tasks);
        for (std::size_t n = 0; n < results.size(); ++n)
            require(results[n] == static_cast<std::int64_t>(n * n) - static_cast<std::int64_t>(n),
                    "a call with a timeout inside of task " + std::to_string(n) + " gave wrong results");
    }
}

void serves_several_calls_at_once(const Backend& backend) {
    std::mutex mutex;
    std::string what;
    {
        std::vector<std::jthread> callers;
        for (int caller = 0; caller < 3; ++caller)
            callers.emplace_back([&] {
                try {
                    for (int round = 0; round < 5; ++round)
                        require_twice(Parallel(backend.options())(tasks_of<&contract::twice>(300)), 300);
                } catch (...) {
                    const std::lock_guard lock(mutex);
                    what = reason_of_current_exception();
                }
            });
    }
    require(what.empty(), what);
}

void tells_the_truth_about_memory(const Backend& backend) {
    if (!make_backend(backend.name, {})->caps().sharedmem) return;
    std::atomic<int> seen{0};
    Parallel{backend.options({.require = Require::sharedmem})}.map(std::vector{1, 2, 3}, [&](int i) { seen += i; });
    require(seen == 6, "it says that tasks share the caller's memory, and they do not");
}

struct Promise {
    const char* text;
    void (*check)(const Backend&);
};
constexpr Promise promises[] = {
    {"effective_n_jobs answers with at least 1", answers_for_every_n_jobs},
    {"results come in the order of the tasks, whatever the batches", keeps_the_order},
    {"a call of few tasks, or of none, ends", runs_few_tasks},
    {"jobs may be many at a time", takes_many_jobs_at_once},
    {"a call may end before its first job", begins_and_ends_without_jobs},
    {"a job ends once", ends_every_job_once},
    {"arguments and results may be long", carries_long_values},
    {"an error names its task", names_the_task_that_threw},
    {"an error leaves the other tasks their results", keeps_the_results_beside_errors},
    {"results can be read while tasks run", streams_results},
    {"a stream can be given up", lets_a_stream_go},
    {"a timeout ends the call, not the backend", ends_after_a_timeout},
    {"a stop ends the call", ends_when_it_is_told_to},
    {"a stop ends what waits for a worker", ends_what_is_queued},
    {"tasks may call Parallel", allows_calls_inside_of_tasks},
    {"tasks may call Parallel with a timeout", allows_timeouts_inside_of_tasks},
    {"tasks may read a stream and drop it", allows_streams_to_be_dropped_inside_of_tasks},
    {"several calls run at once", serves_several_calls_at_once},
    {"sharedmem is said where it is so", tells_the_truth_about_memory},
};

// What a check came to; outlives the checker when the check does not end.
struct Verdict {
    std::mutex mutex;
    std::condition_variable changed;
    bool ended = false;
    std::string what;
};

std::shared_ptr<Verdict> judge(const Promise& promise, const Backend& backend, std::chrono::seconds limit) {
    const auto verdict = std::make_shared<Verdict>();
    std::thread([verdict, promise, backend] {
        std::string what;
        try {
            promise.check(backend);
        } catch (...) {
            what = reason_of_current_exception();
        }
        const std::lock_guard lock(verdict->mutex);
        verdict->what = std::move(what);
        verdict->ended = true;
        verdict->changed.notify_all();
    }).detach();
    std::unique_lock lock(verdict->mutex);
    if (!verdict->changed.wait_for(lock, limit, [&] { return verdict->ended; }))
        verdict->what = "no end within " + std::to_string(limit.count()) + " s; the checks behind it were left out";
    return verdict;
}

}  // namespace

std::vector<BrokenPromise> check_parallel_backend(std::string_view name, const ContractOptions& options) {
    const Backend backend{std::string(name), options.n_jobs};
    (void)make_backend(backend.name, {});  // refuses what is no backend
    std::vector<BrokenPromise> all;
    for (const Promise& promise : promises) {
        const std::shared_ptr<Verdict> verdict = judge(promise, backend, options.time_limit);
        const std::lock_guard lock(verdict->mutex);
        if (!verdict->what.empty()) all.push_back({promise.text, verdict->what});
        if (!verdict->ended) break;
    }
    return all;
}

}  // namespace jl
