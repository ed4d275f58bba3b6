// Results of Parallel::stream, one after the other while the tasks run.
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>

#include <jl/detail/parallel_call.hpp>

namespace jl {

// A single-pass range. Reading throws as RunningCall::next does. One thread.
template <class Job>
class ResultStream {
  public:
    using value_type = typename Job::Kept;

    class iterator {
      public:
        using value_type = ResultStream::value_type;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;

        iterator() = default;
        explicit iterator(ResultStream& stream) : stream_(&stream) {}
        value_type& operator*() const { return stream_->current(); }
        iterator& operator++() { return stream_->advance(), *this; }
        void operator++(int) { stream_->advance(); }
        bool operator==(std::default_sentinel_t) const { return !stream_->job_; }

      private:
        ResultStream* stream_ = nullptr;
    };

    explicit ResultStream(detail::CallSetup setup) : call_(std::move(setup)) {}

    iterator begin() {
        if (!begun_) begun_ = true, next_job();
        return iterator(*this);
    }
    std::default_sentinel_t end() const noexcept { return {}; }

  private:
    value_type& current() { return job_->outcomes()[at_].value(); }
    void advance() {
        if (++at_ == job_->outcomes().size()) next_job();
    }
    void next_job() {
        at_ = 0;
        job_.reset();  // an error leaves no result behind
        job_ = std::static_pointer_cast<Job>(call_.next());
    }

    detail::RunningCall call_;
    std::shared_ptr<Job> job_;
    std::size_t at_ = 0;
    bool begun_ = false;  // a stream that was moved from has come to its end
};

}  // namespace jl
