#include "parallel/sent_tasks.hpp"

#include <atomic>
#include <exception>
#include <utility>

#include "parallel/message.hpp"
#include "parallel/task_registry.hpp"

namespace jl {

std::string reason_of_current_exception() {
    try {
        throw;
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return description_of_current_exception();
    }
}

std::uint64_t SentTasks::new_id() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

// Of those tasks, and in the order that a worker keeps.
bool SentTasks::is_due(const Frame& frame) const noexcept {
    switch (frame.header.type) {
        case FrameType::started:
            return frame.header.id == id_ && at_ == At::start;
        case FrameType::value:
            return frame.header.id == id_ && one_runs();
        case FrameType::error:
        case FrameType::done:
            return frame.header.id == id_ && at_ == At::tasks;
        case FrameType::payload:
            return at_ == At::tasks;
        default:
            return false;
    }
}

bool SentTasks::take(const Frame& frame, Descriptor file) {
    if (!is_due(frame)) return false;
    switch (frame.header.type) {
        case FrameType::started:
            at_ = At::tasks;
            break;
        case FrameType::value:
            take_value(frame);
            break;
        case FrameType::payload:
            payloads_.tell(frame, std::move(file));
            break;
        case FrameType::error:
            error_ = frame.text;
            fail();
            break;
        case FrameType::done:
            while (left_ > 0 && !stops()) fail();  // they could not be read
            at_ = At::end;
            leaves_ = frame.header.flags != 0;
            break;
        default:
            break;
    }
    return true;
}

std::string SentTasks::not_due(const Frame& frame) {
    return "a frame of type " + std::to_string(static_cast<int>(frame.header.type)) + " that is not due";
}

void SentTasks::lose(TaskEnd end, const std::string& what) {
    if (!one_runs()) return;
    failed_ = true;
    --left_;
    job_.fail(end, what);
}

void SentTasks::take_value(const Frame& frame) {
    ResultPayloads of_this = std::exchange(payloads_, {});
    try {
        const OutsideScope outside(of_this);
        job_.accept(frame.body);
        --left_;
    } catch (...) {
        error_ = "its result cannot be read: " + reason_of_current_exception();
        fail();
    }
}

void SentTasks::fail() {
    failed_ = true;
    if (left_ > 0) --left_, job_.fail(TaskEnd::exception, error_);
}

}  // namespace jl
