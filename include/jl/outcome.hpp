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

// Why a task has no value. what(): "task 3: std::runtime_error: the matrix is singular".
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
// Results as they are kept: references and void have no place of their own.
template <class R>
using Kept = std::conditional_t<std::is_void_v<R>, std::monostate, std::decay_t<R>>;
}  // namespace detail

// A value (std::monostate for a task that returns nothing) or a TaskError.
template <class T>
using Outcome = Result<T, TaskError>;

}  // namespace jl
