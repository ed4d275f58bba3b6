// Tasks of a job that another process runs: what it tells of them, frame by frame, becomes their outcomes.
//
//     SentTasks sent(job, id, count, all);
//     while (!sent.have_ended()) if (!sent.take(frame, file)) …       // it tells what it may not
//     if (!sent.have_ended()) sent.lose(TaskEnd::worker_lost, what);  // the process is gone
//     if (job.left() > 0 && !sent.stops()) …                          // the others: another process
//
// One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <jl/parallel_backend.hpp>

#include "parallel/frame.hpp"
#include "parallel/worker_payloads.hpp"

namespace jl {

class SentTasks {
  public:
    // An id that no others have.
    static std::uint64_t new_id() noexcept;

    // `all`: as EncodedTasks has it. The job outlives them.
    SentTasks(ParallelJob& job, std::uint64_t id, std::size_t count, bool all)
        : job_(job), id_(id), left_(count), all_(all) {}

    // `file`: that came along, with a payload. False: the frame is not due. Throws when there is no memory for an
    // outcome.
    bool take(const Frame& frame, Descriptor file);
    static std::string not_due(const Frame& frame);  // for people
    // What becomes of the task that runs, when its process is gone; nothing where none does.
    void lose(TaskEnd end, const std::string& what);

    std::uint64_t id() const noexcept { return id_; }
    bool have_begun() const noexcept { return at_ != At::start; }
    bool have_ended() const noexcept { return at_ == At::end; }
    bool process_leaves() const noexcept { return leaves_; }
    bool one_runs() const noexcept { return at_ == At::tasks && left_ > 0; }
    bool stops() const noexcept { return failed_ && !all_; }  // the others are not wanted

  private:
    enum class At : std::uint8_t { start, tasks, end };
    bool is_due(const Frame& frame) const noexcept;
    void take_value(const Frame& frame);
    void fail();

    ParallelJob& job_;
    const std::uint64_t id_;
    std::size_t left_;  // without an outcome
    const bool all_;
    At at_ = At::start;
    bool leaves_ = false;
    bool failed_ = false;  // one of them
    ResultPayloads payloads_;
    std::string error_ = "the worker told nothing of it";  // of the next one that fails
};

// Whatever it is: mappings of types are the user's code.
std::string reason_of_current_exception();

}  // namespace jl
