// From a range of tasks to jobs: elements that stay where they are are referred to, others are taken out.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <jl/detail/parallel_call.hpp>
#include <jl/detail/task_codec.hpp>
#include <jl/outcome.hpp>

namespace jl::detail {

template <class Tasks>
concept TaskRange = std::invocable<std::ranges::range_value_t<Tasks>, std::stop_token>;

struct InvokeTask {
    template <class Task>
    requires std::invocable<Task, std::stop_token>
    decltype(auto) operator()(Task&& task, std::stop_token stop) const {
        return std::forward<Task>(task)(std::move(stop));
    }
};

template <class F, class Item>
concept AppliesTo = std::invocable<const F&, Item> || std::invocable<const F&, std::stop_token, Item>;

template <class F>
struct ApplyTo {
    F function;
    template <class Item>
    requires AppliesTo<F, Item>
    decltype(auto) operator()(Item&& item, std::stop_token stop) const {
        if constexpr (std::invocable<const F&, Item>)
            return std::invoke(function, std::forward<Item>(item));
        else
            return std::invoke(function, std::move(stop), std::forward<Item>(item));
    }
};

template <class F, class Items>
constexpr void require_applicable() {
    using Item = std::ranges::range_value_t<Items>;
    static_assert(
        AppliesTo<F, const Item&> || AppliesTo<F, Item>,
        "the function cannot be called with an item of the range: it takes one, and no lambda may be mutable, "
        "since several threads call it");
}

// An element that stays in the caller's container.
template <class T>
struct InPlace {
    const T* element;
};
template <class T>
const T& taken(InPlace<T>& place) {
    return *place.element;
}
template <class T>
T&& taken(T& element) {
    return std::move(element);
}

// Task: what the elements are or refer to.
template <class Task, class Element, class Invoke, class R>
class Batch final : public CallJob {
  public:
    using Result = R;
    using Kept = detail::Kept<R>;

    explicit Batch(const Invoke& invoke) : invoke_(invoke) {}

    void reserve(std::size_t count) { elements_.reserve(count); }
    template <class E>
    void add(E&& element) {
        elements_.push_back(std::forward<E>(element));
    }
    // What tasks were made of goes when all of them have run.
    std::size_t size() const noexcept override { return elements_.empty() ? outcomes_.size() : elements_.size(); }
    std::vector<Outcome<Kept>>& outcomes() noexcept { return outcomes_; }
    static constexpr bool stays = !can_leave<Task, Invoke, R>;
    static constexpr bool results_stay = !can_come_back<R>;

  protected:
    void run_tasks(RunningJob& job) override {
        outcomes_.reserve(elements_.size());
        for (std::size_t i = 0; i < elements_.size(); ++i) {
            // Asked seldom enough to cost nothing where tasks are short, and after the first ones.
            if ((i % 16 == 0 || std::has_single_bit(i)) && elements_.size() - i > 1 && job.is_too_long())
                share(job, i + (elements_.size() - i + 1) / 2);
            const std::uint64_t index = this->first() + i;
            if (job.stop.stop_requested() || (error_ && !job.all))
                fail(TaskError(index, TaskEnd::cancelled, job.why_given_up()));
            else
                run_one(elements_[i], index, job.stop);
        }
        std::vector<Element>().swap(elements_);
    }
    void fail_tasks(TaskEnd end, const std::string& detail) override {
        while (left() > 0) fail_next(end, detail);
        std::vector<Element>().swap(elements_);
    }
    EncodedTasks encode_tasks([[maybe_unused]] RunningJob* or_else) override {
        if constexpr (stays) {
            throw Error(ErrorCode::usage, why_it_stays<Task, Invoke, R>());
        } else {
            std::size_t count = left();
            std::string problem;
            while (count > 0) {
                std::size_t told = 0;
                try {
                    return encoded_next(count, told);
                } catch (const std::exception& error) {
                    problem = error.what();
                    count = told > 0 ? told - 1 : 0;  // those in front of the one that failed
                }
            }
            if (left() > 0 && or_else)
                run_one(elements_[outcomes_.size()], this->first() + outcomes_.size(), or_else->stop);
            else if (left() > 0)
                fail_next(TaskEnd::exception, "it cannot go to another process: " + problem);
            return {};
        }
    }
    std::shared_ptr<TasksToRun> inherited_tasks() override {
        if constexpr (results_stay)
            throw Error(ErrorCode::usage, why_results_stay<R>());
        else
            return std::make_shared<Inherited>(*this);
    }
    std::size_t left() const noexcept override {
        return elements_.size() - std::min(outcomes_.size(), elements_.size());
    }
    void accept_result([[maybe_unused]] std::span<const std::byte> result) override {
        if constexpr (results_stay) {
            throw Error(ErrorCode::usage, why_results_stay<R>());
        } else if constexpr (std::is_void_v<R>) {
            outcomes_.push_back(Kept());
        } else {
            auto value = made<Kept>();
            decode(reading_into(value), result);
            outcomes_.push_back(std::move(value));
        }
    }
    void fail_next(TaskEnd end, const std::string& detail) override {
        fail(TaskError(this->first() + outcomes_.size(), end, detail));
    }
    const TaskError* first_error() const noexcept override { return error_ ? &outcomes_[*error_].error() : nullptr; }

  private:
    using Argument = std::conditional_t<std::same_as<Element, Task>, Task, const Task&>;

    // As the batch finds itself in a copy of its process.
    class Inherited final : public TasksToRun {
      public:
        explicit Inherited(Batch& batch) : batch_(batch), first_(batch.outcomes_.size()) {}
        std::size_t size() const noexcept override { return batch_.elements_.size() - first_; }
        std::vector<std::byte> run(std::size_t index, std::stop_token stop, const Encode& encode) override {
            return encoded_result<R>(encode, [&]() -> decltype(auto) {
                return batch_.invoke_(taken(batch_.elements_[first_ + index]), std::move(stop));
            });
        }

      private:
        Batch& batch_;
        const std::size_t first_;
    };

    // `told`: tasks whose encoding began.
    EncodedTasks encoded_next(std::size_t count, std::size_t& told) {
        using Codec = JobCodec<Task, Invoke, Argument, R>;
        const std::size_t begin = outcomes_.size();
        const auto each = [&](const auto& tell) {
            while (told < count) tell(seen(elements_[begin + told++]));
        };
        return {.name = Codec::name(), .bytes = Codec::encode(invoke_, count, each), .count = count};
    }
    static const Task& seen(const InPlace<Task>& place) noexcept { return *place.element; }
    static const Task& seen(const Task& task) noexcept { return task; }
    void run_one(Element& element, std::uint64_t index, const std::stop_token& stop) {
        try {
            if constexpr (std::is_void_v<R>) {
                invoke_(taken(element), stop);
                outcomes_.push_back(Kept());
            } else {
                outcomes_.push_back(Kept(invoke_(taken(element), stop)));
            }
        } catch (...) {
            fail(TaskError::of_current(index));
        }
    }
    void fail(TaskError error) {
        if (!error_) error_ = outcomes_.size();
        outcomes_.push_back(std::move(error));
    }
    // The elements from `begin` on become a job of their own.
    void share(RunningJob& job, std::size_t begin) {
        auto rest = std::make_shared<Batch>(invoke_);
        rest->reserve(elements_.size() - begin);
        for (std::size_t i = begin; i < elements_.size(); ++i) rest->add(std::move(elements_[i]));
        while (elements_.size() > begin) elements_.pop_back();
        job.give_back(this->first() + begin, std::move(rest));
    }

    const Invoke& invoke_;
    std::vector<Element> elements_;
    std::vector<Outcome<Kept>> outcomes_;
    std::optional<std::size_t> error_;
};

template <class Tasks>
constexpr bool is_owning = false;
template <class Container>
constexpr bool is_owning<std::ranges::owning_view<Container>> = true;

// Holds the range, or refers to it where the caller does.
template <class Tasks, class Invoke>
class TaskSource {
    using Reference = std::ranges::range_reference_t<Tasks>;
    using Value = std::ranges::range_value_t<Tasks>;
    // In place: the caller's container, whose elements can be called as they are.
    static constexpr bool refers = std::is_lvalue_reference_v<Reference>;
    // Elements are the range's own and go with it: not those of a caller's container, nor what a view looks at.
    static constexpr bool owns = !std::is_lvalue_reference_v<Tasks> && (!std::ranges::view<Tasks> || is_owning<Tasks>);
    // A view may make its elements as it goes; one that is indexed does not.
    static constexpr bool stays = std::ranges::view<std::remove_cvref_t<Tasks>>
                                      ? std::ranges::random_access_range<Tasks>
                                      : std::ranges::forward_range<Tasks>;
    // What cannot be copied is not taken away from whoever has it; forward ranges do not make elements as they go.
    static constexpr bool has_to_stay = !std::copy_constructible<Value> && std::ranges::forward_range<Tasks>;
    static constexpr bool in_place =
        refers && !owns && (stays || has_to_stay) && std::invocable<const Invoke&, const Value&, std::stop_token>;
    static_assert(!refers || owns || in_place || std::copy_constructible<Value>,
                  "the elements cannot be copied, and the range is the caller's: give it away by std::move(range)");
    using Element = std::conditional_t<in_place, InPlace<Value>, Value>;
    using Argument = std::conditional_t<in_place, const Value&, Value>;

  public:
    using Result = std::invoke_result_t<const Invoke&, Argument, std::stop_token>;
    using Kept = detail::Kept<Result>;
    using Job = Batch<Value, Element, Invoke, Result>;

    TaskSource(Tasks&& tasks, Invoke invoke) : tasks_(std::forward<Tasks>(tasks)), invoke_(std::move(invoke)) {}

    // What a call has to know of the range.
    void describe(CallSetup& setup) {
        setup.known_total = size();
        if constexpr (Job::stays) setup.why_stays.tasks = &why_it_stays<Value, Invoke, Result>;
        if constexpr (Job::results_stay) setup.why_stays.results = [] { return why_results_stay<Result>(); };
    }
    std::optional<std::uint64_t> size() {
        if constexpr (std::ranges::sized_range<Tasks>)
            return static_cast<std::uint64_t>(std::ranges::size(tasks_));
        else
            return std::nullopt;
    }

    // As CallSetup::take.
    std::shared_ptr<CallJob> take(std::size_t most) {
        if (!advance()) return nullptr;
        auto job = std::make_shared<Job>(invoke_);
        job->reserve(std::min<std::size_t>(most, 1024));
        do {
            if constexpr (in_place)
                job->add(InPlace<Value>{std::addressof(**at_)});
            else if constexpr (refers && !owns && std::copy_constructible<Value>)
                job->add(**at_);
            else
                job->add(std::ranges::iter_move(*at_));
        } while (job->size() < most && advance());
        return job;
    }

  private:
    // A range that waits for its next element must not hold back the one before: it goes on when that is wanted.
    bool advance() {
        if (ended_) return false;
        if (at_)
            ++*at_;
        else
            at_.emplace(std::ranges::begin(tasks_));
        ended_ = *at_ == std::ranges::end(tasks_);
        return !ended_;
    }

    Tasks tasks_;  // a reference where Tasks is one
    Invoke invoke_;
    std::optional<std::ranges::iterator_t<Tasks>> at_;  // the element that was taken last
    bool ended_ = false;
};

}  // namespace jl::detail
