#ifdef JL_HAS_CURL

#include "io/remote/s3_parts.hpp"

#include <algorithm>

#include <jl/error.hpp>

namespace jl::detail {
namespace {

// Who sends nothing for so long may be left by the server: that is the pause of whoever writes, no failure.
constexpr std::chrono::seconds long_pause{1};

}  // namespace

S3Parts::S3Parts(const HttpClient& client, unsigned connections) : client_(client) {
    slots_.reserve(connections);
    for (unsigned i = 0; i < connections; ++i) slots_.emplace_back(client.target().options);
}

S3Parts::~S3Parts() { drop(); }

std::vector<std::byte> S3Parts::send(const std::string& query, std::vector<std::byte> part) {
    Slot& slot = free_slot();
    std::swap(slot.part, part);
    part.clear();
    slot.query = query;
    slot.number = tags_.size();
    slot.backoff.progressed();
    slot.busy = true;
    tags_.emplace_back();
    begin(slot);
    advance(slot);
    return part;
}

S3Parts::Slot& S3Parts::free_slot() {
    for (;;) {
        advance();
        const auto free = std::ranges::find(slots_, false, &Slot::busy);
        if (free != slots_.end()) return *free;
        wait();
    }
}

void S3Parts::finish() {
    for (advance(); any_busy(); advance()) wait();
}

void S3Parts::drop() noexcept {
    for (Slot& slot : slots_) slot.connection.reset(), slot.busy = false, slot.part = {};
}

bool S3Parts::any_busy() const noexcept {
    return std::ranges::any_of(slots_, [](const Slot& slot) { return slot.busy; });
}

void S3Parts::begin(Slot& slot) {
    if (!slot.connection) slot.connection = client_.connection();
    slot.connection->begin({.method = "PUT", .url = client_.target().url + slot.query, .body = slot.part});
    slot.waiting = false;
}

void S3Parts::advance() {
    for (Slot& slot : slots_) advance(slot);
    driven_ = Clock::now();
}

void S3Parts::advance(Slot& slot) {
    if (!slot.busy) return;
    if (slot.waiting) {
        if (Clock::now() < slot.again) return;
        begin(slot);
    }
    if (!slot.connection->advance()) take(slot, slot.connection->outcome());
}

void S3Parts::take(Slot& slot, HttpOutcome outcome) {
    if (outcome.arrived && outcome.head.status / 100 == 2) {
        const std::string_view tag = outcome.head.field("etag");
        if (tag.empty()) throw Error(ErrorCode::io, "the store takes a part and does not say its tag");
        tags_[slot.number] = tag;
        slot.busy = false;
        return;
    }
    if (outcome.arrived && outcome.head.status == 404)
        throw Error(ErrorCode::io, "the upload was ended by somebody else, or the bucket is gone");
    if (Clock::now() - driven_ > long_pause) slot.backoff.progressed();
    const auto pause = worth_retrying(outcome) ? slot.backoff.next(outcome.head) : std::nullopt;
    if (!pause) client_.fail(std::move(outcome), std::max(slot.backoff.failures(), 1U));
    slot.again = Clock::now() + *pause;
    slot.waiting = true;
}

void S3Parts::wait() {
    std::vector<HttpConnection*> connections;
    for (const Slot& slot : slots_)
        if (slot.busy && !slot.waiting) connections.push_back(slot.connection.get());
    HttpConnection::wait_for_any(connections);
}

}  // namespace jl::detail

#endif
