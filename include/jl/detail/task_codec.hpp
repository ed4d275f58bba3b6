// Tasks of Parallel to bytes and back, where function, arguments and result allow it.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <jl/delayed.hpp>
#include <jl/detail/task_registry.hpp>
#include <jl/mapping.hpp>
#include <jl/portable.hpp>

namespace jl::detail {

// ---- functions: by their type, by their place, or by their state ----

template <class F>
concept NamedByType = std::is_empty_v<F> && std::is_default_constructible_v<F>;
template <class F>
concept FunctionPointer = std::is_pointer_v<F> && std::is_function_v<std::remove_pointer_t<F>>;

template <class F>
struct FunctionCodec {
    static constexpr bool possible = NamedByType<F> || FunctionPointer<F> || is_portable<F>;

    static void emit(Emitter& out, const F& function) {
        if constexpr (NamedByType<F>)
            out.none();
        else if constexpr (FunctionPointer<F>)
            out.unsigned_integer(place_of_function(reinterpret_cast<std::uintptr_t>(function)));
        else
            jl::emit(out, function);
    }
    static F read(const Record& in) {
        if constexpr (NamedByType<F>) {
            return F();
        } else if constexpr (FunctionPointer<F>) {
            return reinterpret_cast<F>(function_at(in.integer<std::uint64_t>()));
        } else {
            auto function = made<F>();
            jl::read(in, function);
            return function;
        }
    }
    static void explain(std::string& why) {
        if (!possible)
            why +=
                "the function is a lambda with captures or an object without a mapping (pass what it captures as "
                "arguments, or describe it); ";
    }
};

template <class F>
struct ApplyTo;
template <class F>
struct FunctionCodec<ApplyTo<F>> {
    static constexpr bool possible = FunctionCodec<F>::possible;
    static void emit(Emitter& out, const ApplyTo<F>& apply) { FunctionCodec<F>::emit(out, apply.function); }
    static ApplyTo<F> read(const Record& in) { return {FunctionCodec<F>::read(in)}; }
    static void explain(std::string& why) { FunctionCodec<F>::explain(why); }
};

template <class T>
void explain_value(std::string& why, const char* what) {
    if constexpr (!is_portable<T>) why += std::string(what) + readable_name(typeid(T)) + " has no mapping; ";
}

// ---- tasks ----

// An item of map(), or any other callable object.
template <class Task>
struct TaskCodec {
    static constexpr bool possible = FunctionCodec<Task>::possible;
    static void emit(Emitter& out, const Task& task) { FunctionCodec<Task>::emit(out, task); }
    static Task read(const Record& in) { return FunctionCodec<Task>::read(in); }
    static void places(ArrayPlaces& places) { collect_places<Task>(places); }
    static void explain(std::string& why) { explain_value<Task>(why, "an item of type "); }
};

template <class F, class... A>
struct TaskCodec<Delayed<F, A...>> {
    using Task = Delayed<F, A...>;
    static constexpr bool possible = FunctionCodec<F>::possible && (is_portable<A> && ...);

    static void emit(Emitter& out, const Task& task) {
        out.begin(Container::tuple, 1 + sizeof...(A));
        FunctionCodec<F>::emit(out, task.function_);
        std::apply([&](const A&... a) { (jl::emit(out, a), ...); }, task.arguments_);
        out.end();
    }
    static Task read(const Record& in) { return read_all(in, std::index_sequence_for<A...>()); }
    static void places(ArrayPlaces& places) { (collect_places<A>(places), ...); }
    static void explain(std::string& why) {
        FunctionCodec<F>::explain(why);
        (explain_value<A>(why, "an argument of type "), ...);
    }

  private:
    template <class T>
    static T read_one(const Record& in) {
        auto value = made<T>();
        jl::read(in, value);
        return value;
    }
    template <std::size_t... I>
    static Task read_all(const Record& in, std::index_sequence<I...>) {
        return Task(std::in_place, FunctionCodec<F>::read(in.item(0)), read_one<A>(in.item(1 + I))...);
    }
};

// ---- jobs ----

template <class R>
inline constexpr bool can_come_back = std::is_void_v<R> || is_portable<std::decay_t<R>>;
template <class Task, class Invoke, class R>
inline constexpr bool can_leave = TaskCodec<Task>::possible&& FunctionCodec<Invoke>::possible&& can_come_back<R>;

// What `call` returns, encoded: nothing for R void.
template <class R, class Call>
std::vector<std::byte> encoded_result([[maybe_unused]] const Encode& encode, const Call& call) {
    if constexpr (std::is_void_v<R>) {
        call();
        return {};
    } else {
        const auto& result = call();
        return encode([&](Emitter& out) { jl::emit(out, result); });
    }
}

// Argument: as what a task is passed, const Task& or Task.
template <class Task, class Invoke, class Argument, class R>
class JobCodec final : public TasksToRun {
  public:
    std::size_t size() const noexcept override { return tasks_.size(); }
    std::vector<std::byte> run(std::size_t index, std::stop_token stop, const Encode& encode) override {
        if (const auto* const unreadable = std::get_if<std::exception_ptr>(&tasks_[index]))
            std::rethrow_exception(*unreadable);
        Task& task = std::get<Task>(tasks_[index]);
        return encoded_result<R>(
            encode, [&]() -> decltype(auto) { return (*invoke_)(static_cast<Argument&&>(task), std::move(stop)); });
    }

    // `each`: calls its argument with one task after the other.
    template <class ForEach>
    static std::vector<std::byte> encode(const Invoke& invoke, std::size_t count, const ForEach& each) {
        return encoded([&](Emitter& out) {
            out.begin(Container::tuple, 2);
            FunctionCodec<Invoke>::emit(out, invoke);
            out.begin(Container::list, count);
            each([&](const Task& task) { TaskCodec<Task>::emit(out, task); });
            out.end();
            out.end();
        });
    }
    static std::string name() {
        (void)registered;
        return name_of_task(typeid(JobCodec).name(), &decode_tasks);
    }

  private:
    static std::unique_ptr<TasksToRun> decode_tasks(std::span<const std::byte> bytes) {
        auto tasks = std::unique_ptr<JobCodec>(new JobCodec());
        detail::decode({[](ArrayPlaces& places) { TaskCodec<Task>::places(places); },
                        [&](const Record& in) {
                            tasks->invoke_.emplace(FunctionCodec<Invoke>::read(in.item(0)));
                            const Record list = in.item(1);
                            tasks->tasks_.reserve(list.size());
                            for (std::size_t i = 0; i < list.size(); ++i) tasks->read_task(list.item(i));
                        }},
                       bytes);
        return tasks;
    }

    // One that cannot be read fails when its turn comes, the others run.
    void read_task(const Record& in) {
        try {
            tasks_.emplace_back(TaskCodec<Task>::read(in));
        } catch (...) {
            tasks_.emplace_back(std::current_exception());
        }
    }

    static inline const bool registered = register_task(typeid(JobCodec).name(), &decode_tasks);
    std::optional<Invoke> invoke_;
    std::vector<std::variant<Task, std::exception_ptr>> tasks_;
};

// For people: why no job of this kind can go to another process, and why no results of this kind can come back.
template <class R>
std::string why_results_stay(std::string why = {}) {
    if constexpr (!std::is_void_v<R>) explain_value<std::decay_t<R>>(why, "a result of type ");
    why.resize(why.size() - std::min<std::size_t>(why.size(), 2));
    return why;
}
template <class Task, class Invoke, class R>
std::string why_it_stays() {
    std::string why;
    TaskCodec<Task>::explain(why);
    FunctionCodec<Invoke>::explain(why);
    return why_results_stay<R>(std::move(why));
}

}  // namespace jl::detail
