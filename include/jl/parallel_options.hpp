// Options of jl::Parallel; what a call leaves open comes from the scopes around it, the innermost first.
//
//     auto scope = jl::parallel_backend("threading", {.n_jobs = 4});    // until the end of the block, on this thread
//     jl::Parallel()(tasks);
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include <jl/byte_size.hpp>
#include <jl/load.hpp>

namespace jl {

enum class ReturnAs : std::uint8_t { list, generator, generator_unordered };
enum class Prefer : std::uint8_t { any, threads, processes };
enum class Require : std::uint8_t { nothing, sharedmem };

// Batches that are out at a time: a number, "all", or an expression of n_jobs ("2 * n_jobs") with + - * / // % ** and
// parentheses.
class PreDispatch {
  public:
    PreDispatch() = default;
    template <std::integral Number>
    requires(!std::same_as<Number, bool> && !std::same_as<Number, char>) PreDispatch(Number batches)
        : number_(std::cmp_less(batches, 1) ? 1 : static_cast<std::uint64_t>(batches)) {}
    PreDispatch(std::string expression) : text_(std::move(expression)) {}
    PreDispatch(std::string_view expression) : PreDispatch(std::string(expression)) {}
    PreDispatch(const char* expression) : PreDispatch(std::string(expression)) {}
    // At least 1; nothing for "all". Error{usage} in joblib's words.
    std::optional<std::uint64_t> batches(int n_jobs) const;

  private:
    std::optional<std::uint64_t> number_;
    std::optional<std::string> text_;  // unset, as the number: "2 * n_jobs"
};

// Tasks in a batch: a number, or "auto": by their duration. Error{usage} in joblib's words for numbers below 1.
class BatchSize {
  public:
    BatchSize() = default;
    template <std::integral Number>
    BatchSize(Number tasks) : is_set_(true), tasks_(static_cast<std::size_t>(tasks)) {
        if (std::cmp_less(tasks, 1)) refuse(std::to_string(tasks));
    }
    BatchSize(const char* text) : BatchSize(std::string_view(text)) {}
    BatchSize(std::string_view text) : is_set_(true) {
        if (text != "auto") refuse("'" + std::string(text) + "'");
    }

    bool is_set() const noexcept { return is_set_; }
    std::optional<std::size_t> tasks() const noexcept { return tasks_; }  // unset: "auto"

  private:
    [[noreturn]] static void refuse(const std::string& got);

    bool is_set_ = false;
    std::optional<std::size_t> tasks_;
};

// From how many bytes on an array goes to a worker process, and comes back, by a map of memory that both see: arrays of
// more than so many. joblib's words: a number, "1M", "500K"; std::nullopt: none does. Error{usage} for other texts.
class MaxNbytes {
  public:
    MaxNbytes() = default;
    MaxNbytes(std::nullopt_t) : is_set_(true), bytes_() {}
    template <std::integral Number>
    MaxNbytes(Number bytes) : is_set_(true), bytes_(ByteSize(bytes).bytes()) {}
    MaxNbytes(const char* text) : MaxNbytes(std::string_view(text)) {}
    MaxNbytes(const std::string& text) : MaxNbytes(std::string_view(text)) {}
    MaxNbytes(std::string_view text) : is_set_(true), bytes_(ByteSize(text).bytes()) {}

    bool is_set() const noexcept { return is_set_; }
    std::optional<std::uint64_t> bytes() const noexcept { return bytes_; }  // unset: "1M"

  private:
    bool is_set_ = false;
    std::optional<std::uint64_t> bytes_ = std::uint64_t{1} << 20;
};

// How arrays that go by a map are mapped in workers. joblib's words: "r": read-only, a write ends the worker; "c":
// writes stay with the task; "r+": all workers see them, and a file sees them that the array is mapped from to be
// changed; std::nullopt: they are copied. Error{usage} for other texts.
class WorkerMmapMode {
  public:
    WorkerMmapMode() = default;
    WorkerMmapMode(std::nullopt_t) : is_set_(true), mode_() {}
    WorkerMmapMode(MmapMode mode) : is_set_(true), mode_(mode) {}
    WorkerMmapMode(const char* text) : WorkerMmapMode(std::string_view(text)) {}
    WorkerMmapMode(std::string_view text);

    bool is_set() const noexcept { return is_set_; }
    std::optional<MmapMode> mode() const noexcept { return mode_; }  // unset: r

  private:
    bool is_set_ = false;
    std::optional<MmapMode> mode_ = MmapMode::r;
};

struct ParallelProgress {
    std::uint64_t done = 0;   // tasks
    std::uint64_t total = 0;  // 0: not known
    bool finished = false;    // the call is over, perhaps by an error
};

// A bar on standard error, where that is a terminal; nothing elsewhere. `label` stands before it.
//
//     jl::Parallel({.n_jobs = -1, .progress = jl::parallel_progress_bar("images")})(tasks);
std::function<void(const ParallelProgress&)> parallel_progress_bar(std::string label = {});

struct ParallelOptions {
    std::optional<int> n_jobs = {};  // tasks at a time; negative: cores + 1 + n_jobs. Unset: 1
    // "threading", "multiprocessing" ("loky"), "fork", "sequential" or a registered one, "name" or "name://address".
    // Unset: processes, for tasks that can go there in a program that called jl::init; else "threading".
    std::string backend = {};
    std::optional<int> verbose = {};  // joblib's progress lines: none at 0, all above 10, on standard output from 50 on
    // A call gives the list of all results; stream() gives them in the order of the tasks (list, generator), or as they
    // are done (generator_unordered). Error{usage} for a generator from a call.
    ReturnAs return_as = ReturnAs::list;
    // Longest wait for the next result. For this and the next two: unset, or 0: none, 0 whatever a scope says.
    std::optional<std::chrono::duration<double>> timeout = {};
    // Longest time of the whole call, from its first task on. No task begins afterwards, as after a timeout.
    std::optional<std::chrono::duration<double>> call_timeout = {};
    // Longest time of one task. One that takes longer is ended, and is TaskEnd::timeout alone. For backends that can
    // end a task: "multiprocessing" ("loky"), "fork"; Error{usage} from others.
    std::optional<std::chrono::duration<double>> task_timeout = {};
    PreDispatch pre_dispatch = {};
    BatchSize batch_size = {};           // "auto"
    Prefer prefer = Prefer::any;         // a hint, when no backend is named
    Require require = Require::nothing;  // Error{usage} from a backend without
    // Threads of OpenMP, OpenBLAS, MKL, … in each worker process (unset: the cores shared among the workers, or what
    // the environment says), and in each task on a thread (unset: no limit), where the library keeps a number for each
    // thread: OpenMP, MKL, linked to the program. At least 1.
    std::optional<int> inner_max_num_threads = {};
    MaxNbytes max_nbytes = {};  // "1M"
    // For arrays that go by a map; nothing is left there. Unset: $JOBLIB_TEMP_FOLDER, else memory.
    std::string temp_folder = {};
    WorkerMmapMode mmap_mode = {};                               // "r"
    std::function<void(const ParallelProgress&)> progress = {};  // after each batch, one call at a time, on any thread
    std::stop_token stop = {};                                   // gives up the call
    std::function<void(std::string_view)> log = {};              // takes the lines of verbose, without the line's end
};

// Undone by its destructor; scopes nest, and end in the order opposite to that of their begin. For the thread that made
// it.
class ParallelScope {
  public:
    explicit ParallelScope(const ParallelOptions& options);
    ParallelScope(const ParallelScope&) = delete;
    ParallelScope& operator=(const ParallelScope&) = delete;
    ~ParallelScope();

  private:
    std::shared_ptr<const ParallelOptions> outer_;
};

// Options for every Parallel below that leaves them as they are by default; pre_dispatch and return_as are each call's
// own. Error{usage} for what no call could have: an unknown backend, options that contradict one another.
[[nodiscard]] inline ParallelScope parallel_config(const ParallelOptions& options) { return ParallelScope(options); }
// The same with a backend first; all cores unless n_jobs says otherwise. Error{usage} for an unknown backend.
[[nodiscard]] ParallelScope parallel_backend(std::string_view name, ParallelOptions options = {});

}  // namespace jl
