#include "parallel/contract_jobs.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string_view>
#include <vector>

#include <jl/error.hpp>

namespace jl {

struct ContractJobs::Notes {
    explicit Notes(std::size_t count) : ends(count) {}
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::size_t> ends;
    std::size_t dropped = 0;
};

// One task, which does nothing and cannot leave the process.
class ContractJobs::Job final : public ParallelJob {
  public:
    Job(std::shared_ptr<Notes> notes, std::size_t index) : notes_(std::move(notes)), index_(index) {}
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;
    ~Job() override {
        const std::lock_guard lock(notes_->mutex);
        if (notes_->ends[index_] > 0) return;
        ++notes_->dropped;
        end();
    }

    std::uint64_t first() const noexcept override { return index_; }
    std::size_t size() const noexcept override { return 1; }
    void run() noexcept override { end_once_more(); }
    void lose(std::string_view) noexcept override { end_once_more(); }
    EncodedTasks encode() override { return {}; }
    InheritedTasks inherit() override { return {}; }
    std::size_t left() const noexcept override { return 0; }
    void accept(std::span<const std::byte>) override { throw Error(ErrorCode::usage, "no result is due"); }
    void fail(TaskEnd, const std::string&) override {}
    void finish() noexcept override { end_once_more(); }

  private:
    void end_once_more() noexcept {
        const std::lock_guard lock(notes_->mutex);
        end();
    }
    void end() noexcept {
        ++notes_->ends[index_];
        notes_->changed.notify_all();
    }

    const std::shared_ptr<Notes> notes_;
    const std::size_t index_;
};

ContractJobs::ContractJobs(std::size_t count) : notes_(std::make_shared<Notes>(count)) {}

std::size_t ContractJobs::count() const noexcept { return notes_->ends.size(); }

std::shared_ptr<ParallelJob> ContractJobs::job(std::size_t index) const { return std::make_shared<Job>(notes_, index); }

bool ContractJobs::have_ended() const {
    const std::lock_guard lock(notes_->mutex);
    return std::find(notes_->ends.begin(), notes_->ends.end(), 0U) == notes_->ends.end();
}

void ContractJobs::wait_a_little() const {
    std::unique_lock lock(notes_->mutex);
    notes_->changed.wait_for(lock, std::chrono::milliseconds(10));
}

std::size_t ContractJobs::ends_of(std::size_t index) const {
    const std::lock_guard lock(notes_->mutex);
    return notes_->ends[index];
}

std::size_t ContractJobs::were_dropped() const {
    const std::lock_guard lock(notes_->mutex);
    return notes_->dropped;
}

}  // namespace jl
