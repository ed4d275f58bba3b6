// Jobs of no call, which note what a backend does with them. For check_parallel_backend.
#pragma once

#include <cstddef>
#include <memory>

#include <jl/parallel_backend.hpp>

namespace jl {

// Thread-safe; jobs may outlive it.
class ContractJobs {
  public:
    explicit ContractJobs(std::size_t count);
    std::size_t count() const noexcept;
    std::shared_ptr<ParallelJob> job(std::size_t index) const;  // for one submit() each
    bool have_ended() const;                                    // each of them, once or more
    void wait_a_little() const;                                 // for the end of one
    std::size_t ends_of(std::size_t index) const;               // run(), lose() and finish()
    std::size_t were_dropped() const;                           // destroyed before their end

  private:
    struct Notes;
    class Job;
    std::shared_ptr<Notes> notes_;
};

}  // namespace jl
