// Independent calls on all cores.
//
//     std::vector<jl::Delayed<…>> tasks;
//     for (int i = 0; i < 6; ++i) tasks.push_back(jl::delayed(root)(i * i));
//     std::vector<double> r = jl::Parallel({.n_jobs = 3, .verbose = 50})(tasks);  // in the order of the tasks
//     auto s = jl::Parallel({.n_jobs = -1}).map(seeds, simulate);
//     for (double x : jl::Parallel({.n_jobs = 4}).stream(tasks)) plot(x);         // while others run
//
// Tasks are any input range of Delayed, lazy ones too: a task is taken when there is room for it, by one thread at a
// time, not always the same. The first task that throws ends the call with a TaskError; tasks that run are waited for,
// others never begin. Nested calls are allowed at any depth; inside of a task n_jobs is 1 unless it is set.
// A Parallel may be used again and by several threads. docs/parallel.md.
#pragma once

#include <concepts>
#include <iterator>
#include <memory>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include <jl/cpu_count.hpp>
#include <jl/delayed.hpp>
#include <jl/detail/task_range.hpp>
#include <jl/outcome.hpp>
#include <jl/parallel_options.hpp>
#include <jl/result_stream.hpp>

namespace jl {

class Parallel {
  public:
    explicit Parallel(ParallelOptions options = {}) : options_(std::move(options)) {}

    // Results in the order of the tasks; nothing when the tasks return nothing.
    template <std::ranges::input_range Tasks>
    requires detail::TaskRange<Tasks>
    auto operator()(Tasks&& tasks) const { return all(std::forward<Tasks>(tasks), detail::InvokeTask()); }
    // function(item) for each item.
    template <std::ranges::input_range Items, class F>
    auto map(Items&& items, F function) const {
        detail::require_applicable<F, Items>();
        return all(std::forward<Items>(items), detail::ApplyTo<F>{std::move(function)});
    }
    // One Outcome a task: an exception ends its own task only. A range that does not tell its size has none of tasks
    // behind a timeout or a stop.
    template <std::ranges::input_range Tasks>
    requires detail::TaskRange<Tasks>
    auto outcomes(Tasks&& tasks) const { return each_outcome(std::forward<Tasks>(tasks), detail::InvokeTask()); }
    // One of function(item) for each item.
    template <std::ranges::input_range Items, class F>
    auto outcomes(Items&& items, F function) const {
        detail::require_applicable<F, Items>();
        return each_outcome(std::forward<Items>(items), detail::ApplyTo<F>{std::move(function)});
    }
    // An input range of results, made while it is read: no more than pre_dispatch batches are out or wait to be read.
    // Tasks in a container must outlive it. Gives up what is left when it goes.
    template <std::ranges::input_range Tasks>
    requires detail::TaskRange<Tasks>
    auto stream(Tasks&& tasks) const { return streamed(std::forward<Tasks>(tasks), detail::InvokeTask()); }
    // Of function(item) for each item.
    template <std::ranges::input_range Items, class F>
    auto stream(Items&& items, F function) const {
        detail::require_applicable<F, Items>();
        return streamed(std::forward<Items>(items), detail::ApplyTo<F>{std::move(function)});
    }

  private:
    template <class From>
    static detail::RunningCall started(From& source, detail::CallSetup setup) {
        source.describe(setup);
        setup.take = [&source](std::size_t most) { return source.take(most); };
        return detail::RunningCall(std::move(setup));
    }

    template <class Tasks, class Invoke>
    auto all(Tasks&& tasks, Invoke invoke) const {
        using From = detail::TaskSource<Tasks, Invoke>;
        From source(std::forward<Tasks>(tasks), std::move(invoke));
        const std::size_t total = source.size().value_or(0);
        detail::RunningCall call = started(source, {.options = options_});
        if constexpr (std::is_void_v<typename From::Result>) {
            while (call.next()) {
            }
        } else {
            std::vector<typename From::Kept> results;
            results.reserve(total);
            while (const std::shared_ptr<detail::CallJob> job = call.next())
                for (auto& outcome : static_cast<typename From::Job&>(*job).outcomes())
                    results.push_back(std::move(outcome).value());
            return results;
        }
    }

    template <class Tasks, class Invoke>
    auto each_outcome(Tasks&& tasks, Invoke invoke) const {
        using From = detail::TaskSource<Tasks, Invoke>;
        From source(std::forward<Tasks>(tasks), std::move(invoke));
        const std::size_t total = source.size().value_or(0);
        detail::RunningCall call = started(source, {.options = options_, .on_error = detail::OnError::go_on});
        std::vector<Outcome<typename From::Kept>> results;
        results.reserve(total);
        while (const std::shared_ptr<detail::CallJob> job = call.next())
            for (auto& outcome : static_cast<typename From::Job&>(*job).outcomes())
                results.push_back(std::move(outcome));
        while (results.size() < total)
            results.push_back(TaskError(results.size(), TaskEnd::cancelled, call.why_given_up()));
        return results;
    }

    template <class Tasks, class Invoke>
    auto streamed(Tasks&& tasks, Invoke invoke) const {
        using From = detail::TaskSource<Tasks, Invoke>;
        const bool as_done = options_.return_as == ReturnAs::generator_unordered;
        detail::CallSetup setup{.options = options_,
                                .order = as_done ? detail::Order::as_done : detail::Order::of_tasks,
                                .results = detail::Results::streamed};
        const auto source = std::make_shared<From>(std::forward<Tasks>(tasks), std::move(invoke));
        source->describe(setup);
        setup.take = [source](std::size_t most) { return source->take(most); };
        return ResultStream<typename From::Job>(std::move(setup));
    }

    ParallelOptions options_;
};

}  // namespace jl
