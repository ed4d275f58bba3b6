// What became of a task: its value, or why there is none.
//
//     for (const jl::Outcome<double>& o : jl::Parallel({.n_jobs = 4}).outcomes(tasks))
//         if (o) use(*o); else std::cerr << o.error().what() << '\n';
//
//     try { jl::Parallel({.n_jobs = 4})(tasks); }
//     catch (const jl::TaskError& e) { retry(e.index()); }
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <type_traits>
#include <variant>

#include <jl/error.hpp>

namespace jl {

enum class TaskEnd : std::uint8_t {
    exception,    // the task threw
    cancelled,    // given up before it began: another one failed, a stop was requested
    timeout,      // no result in time
    worker_lost,  // what ran it is gone
};

// Why a task has no value. what(): "task 3: std::runtime_error: the matrix is singular". It is the task that failed,
// not jl: no jl::Error.
class TaskError final : public std::exception {
  public:
    TaskError(std::uint64_t index, TaskEnd end, const std::string& detail);
    // Of the exception that is being handled.
    static TaskError of_current(std::uint64_t index);

    std::uint64_t index() const noexcept { return index_; }  // of the task, from 0
    TaskEnd end() const noexcept { return end_; }
    const char* what() const noexcept override { return text_.c_str(); }
    // What the task threw, where it ran in this process; null otherwise.
    std::exception_ptr cause() const noexcept { return cause_; }

  private:
    std::uint64_t index_;
    TaskEnd end_;
    std::string text_;
    std::exception_ptr cause_;
};

namespace detail {
template <class R>
constexpr bool is_cut_by_copying = std::is_reference_v<R>&& std::is_polymorphic_v<std::remove_cvref_t<R>>;

// Results as they are kept: what a reference refers to is copied, void has no value.
template <class R>
struct KeptResult {
    static_assert(
        !is_cut_by_copying<R>,
        "the task returns a reference to an object that may be of a derived class: a copy would lose that part, "
        "return a pointer");
    using type = std::conditional_t<std::is_void_v<R>, std::monostate, std::decay_t<R>>;
};
template <class R>
using Kept = typename KeptResult<R>::type;
}  // namespace detail

// A value (std::monostate for a task that returns nothing) or a TaskError.
template <class T>
using Outcome = Result<T, TaskError>;

}  // namespace jl
