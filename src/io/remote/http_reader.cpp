#ifdef JL_HAS_CURL

#include "io/remote/http_reader.hpp"

#include <algorithm>
#include <cstring>

#include <jl/error.hpp>

namespace jl::detail {

template <class Work>
auto HttpReader::named(Work work) -> decltype(work()) {
    try {
        return work();
    } catch (Error& error) {
        error.in_file(client_.target().shown);
        throw;
    }
}

template <class Arrived>
void HttpReader::advance_until(Arrived arrived) {
    if (std::exchange(paused_, false)) connection_->resume();
    while (!arrived() && !ended_) {
        if (!connection_->advance())
            settle();
        else if (!arrived())
            connection_->wait();
    }
}

HttpReader::HttpReader(HttpTarget target)
    : client_(std::move(target)), backoff_(client_.target().options), connection_(client_.connection()) {
    named([&] {
        begin();
        advance_until([this] { return seen_; });
    });
}

void HttpReader::begin() {
    seen_ = paused_ = false;
    HttpCall call;
    call.url = client_.target().url;
    if (arrived_ > 0) call.range = std::to_string(arrived_) + "-";
    call.on_head = [this](const HttpHead& head) { see(head); };
    call.on_body = [this](std::span<const std::byte> bytes) { return take(bytes); };
    connection_->begin(std::move(call));
}

void HttpReader::see(const HttpHead& head) {
    if (arrived_ > 0 && head.status != 206)
        throw Error(ErrorCode::io, "the connection was lost after " + std::to_string(arrived_) +
                                       " bytes, and the server knows no ranges to go on from there");
    if (arrived_ == 0 && head.status == 206)
        throw Error(ErrorCode::io, "the server answers with a range that nobody asked for");
    const auto range = version_.see(head, arrived_ > 0 ? std::optional(arrived_) : std::nullopt);
    if (arrived_ > 0 && range && range->last + 1 != range->total)
        throw Error(ErrorCode::io, "the server answers with a part of what is left");
    if (range) length_ = range->total;
    seen_ = true;
}

bool HttpReader::take(std::span<const std::byte> bytes) {
    const std::size_t direct = waiting_.empty() ? std::min(place_.size(), bytes.size()) : 0;
    if (direct < bytes.size() && waiting_.size() >= most_waiting) {
        paused_ = true;
        return false;
    }
    if (length_ && bytes.size() > *length_ - arrived_)
        throw Error(ErrorCode::io,
                    "the server sends more than the " + std::to_string(*length_) + " bytes that it announced");
    if (direct > 0) std::memcpy(place_.data(), bytes.data(), direct);
    place_ = place_.subspan(direct);
    waiting_.insert(waiting_.end(), bytes.begin() + static_cast<std::ptrdiff_t>(direct), bytes.end());
    arrived_ += bytes.size();
    return true;
}

// The answer has ended: with the file, for a while, or for good.
void HttpReader::settle() {
    const HttpOutcome outcome = connection_->outcome();
    const bool complete = length_ ? arrived_ == *length_ : outcome.arrived;
    if (seen_ && complete) {
        ended_ = true;
        return;
    }
    if (outcome.arrived && outcome.head.status / 100 == 2)
        throw Error(ErrorCode::io, "the server ends the file after " + std::to_string(arrived_) + " of " +
                                       std::to_string(length_.value_or(arrived_)) + " bytes");
    if (arrived_ - settled_at_ >= worth_progress) {
        backoff_.progressed();
        settled_at_ = arrived_;
    }
    if (!worth_retrying(outcome) || !backoff_.wait(outcome.head))
        fail_http(outcome, std::max(backoff_.failures(), 1U), client_.target().shown);
    begin();
}

std::size_t HttpReader::read(std::span<std::byte> into) {
    if (into.empty()) return 0;
    return named([&]() -> std::size_t {
        std::size_t count = 0;
        if (waiting_.empty()) {
            place_ = into;
            advance_until([&] { return place_.size() < into.size() || !waiting_.empty(); });
            count = into.size() - std::exchange(place_, {}).size();
        } else {
            count = std::min(into.size(), waiting_.size() - waiting_taken_);
            std::memcpy(into.data(), waiting_.data() + waiting_taken_, count);
            waiting_taken_ += count;
            if (waiting_taken_ == waiting_.size()) waiting_.clear(), waiting_taken_ = 0;
        }
        taken_ += count;
        return count;
    });
}

std::optional<std::uint64_t> HttpReader::remaining() const {
    return length_ ? std::optional(*length_ - taken_) : std::nullopt;
}

}  // namespace jl::detail

#endif
