#include "hash/bodies.hpp"

#include <string>
#include <utility>

#include <jl/detail/byte_order.hpp>
#include <jl/error.hpp>

namespace jl::detail {

namespace {

// Version of the encoding: another one would make other keys.
constexpr std::byte prefix[] = {std::byte{'J'}, std::byte{'L'}, std::byte{'H'}, std::byte{1}};
// Bodies are digested as they grow, in pieces of about so many bytes.
constexpr std::size_t piece = 4096;

}  // namespace

Bodies::Bodies() {
    buffer_.reserve(1024);
    frames_.reserve(8);
    put(prefix);
}

void Bodies::put(std::uint64_t number) {
    std::byte bytes[8];
    store_little(bytes, number);
    put(bytes);
}

void Bodies::put(std::span<const std::byte> bytes) { buffer_.insert(buffer_.end(), bytes.begin(), bytes.end()); }

void Bodies::put(const Digest& digest) {
    std::byte bytes[digest_bytes];
    store(bytes, digest);
    put(bytes);
}

void Bodies::open(Tag tag, Body body) {
    for (std::uint32_t i = pending_; i != none; i = shared_[i].next) {
        shared_[i].state = Shared::State::open;
        shared_[i].place = static_cast<std::uint32_t>(frames_.size());
    }
    frames_.push_back({tag, body, false, buffer_.size(), digests_.size(), refs_.size(), pending_});
    pending_ = none;
    if (body == Body::ordered) put(tag);
}

void Bodies::item_done() {
    if (pending_ != none) settle_leaf();
    if (frames_.empty()) return void(++roots_);
    Frame& frame = frames_.back();
    switch (frame.body) {
        case Body::ordered:
            if (buffer_.size() - frame.start < piece || refs_.size() != frame.first_ref) return;
            if (!frame.before) frame.before = std::make_unique<RunningXxh3>();
            frame.before->update(since(frame.start));
            buffer_.resize(frame.start);
            return;
        case Body::items:
            return settle_item(frame);
        case Body::pairs:
            frame.at_value = !frame.at_value;
            if (!frame.at_value) settle_item(frame);
            return;
    }
}

void Bodies::settle_leaf() {
    const auto bytes = since(pending_start_);
    const Shared value{Shared::State::leaf, Tag::none, static_cast<std::uint32_t>(leaves_.size())};
    leaves_.emplace_back(bytes.begin(), bytes.end());
    settle_shared(std::exchange(pending_, none), value);
}

void Bodies::settle_item(Frame& frame) {
    if (refs_.size() == frame.first_ref) {
        digests_.push_back(xxh3(since(frame.start)));
        buffer_.resize(frame.start);
        return;
    }
    if (!frame.items) frame.items = std::make_unique<CyclicBody>();
    move_to(*frame.items, frame);
    frame.items->ends.push_back(frame.items->bytes.size());
}

// What stands in the buffer since the frame's start, places included.
void Bodies::move_to(CyclicBody& body, const Frame& frame) {
    for (std::size_t i = frame.first_ref; i < refs_.size(); ++i)
        body.refs.push_back({refs_[i].at - frame.start + body.bytes.size(), refs_[i].node});
    const auto bytes = since(frame.start);
    body.bytes.insert(body.bytes.end(), bytes.begin(), bytes.end());
    buffer_.resize(frame.start);
    refs_.resize(frame.first_ref);
}

void Bodies::close() {
    if (frames_.empty() || frames_.back().at_value)
        throw Error(ErrorCode::usage, frames_.empty() ? "a mapping ends what it did not begin"
                                                      : "a mapping ends a dict behind a key without a value");
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    Shared value{Shared::State::closed, frame.tag};
    if (refs_.size() == frame.first_ref && !frame.items) {
        value.digest = plain_digest(frame);
        buffer_.resize(frame.start);
    } else {
        value.state = Shared::State::cyclic;
        value.place = node_of(frame);
        cycles_.set(value.place, cyclic_body(frame));
    }
    digests_.resize(frame.first_digest);
    put_value(value);
    settle_shared(frame.shared, value);
    item_done();
}

Digest Bodies::plain_digest(const Frame& frame) {
    if (frame.body != Body::ordered)
        return sorted_digest(static_cast<std::byte>(frame.tag), std::span(digests_).subspan(frame.first_digest));
    if (!frame.before) return xxh3(since(frame.start));
    frame.before->update(since(frame.start));
    return frame.before->digest();
}

CyclicBody Bodies::cyclic_body(Frame& frame) {
    CyclicBody body;
    if (frame.body == Body::ordered) {
        body.before = std::move(frame.before);
        move_to(body, frame);
        return body;
    }
    body = std::move(*frame.items);
    body.sorted = true;
    body.tag = static_cast<std::byte>(frame.tag);
    body.digests.assign(digests_.begin() + static_cast<std::ptrdiff_t>(frame.first_digest), digests_.end());
    return body;
}

std::uint32_t Bodies::node_of(Frame& frame) {
    if (frame.node == none) frame.node = cycles_.add();
    return frame.node;
}

// A digest, or a place for one.
void Bodies::put_value(const Shared& value) {
    if (value.state == Shared::State::leaf) return put(leaves_[value.place]);
    put(value.tag);
    if (value.state == Shared::State::cyclic) refs_.push_back({buffer_.size(), value.place});
    put(value.digest);
}

void Bodies::settle_shared(std::uint32_t first, const Shared& value) {
    for (std::uint32_t i = first; i != none;) {
        const std::uint32_t next = shared_[i].next;
        shared_[i] = value;
        i = next;
    }
}

bool Bodies::share(const void* address, const std::type_info& type, bool frozen, std::shared_ptr<const void> keep) {
    const auto [place, first] =
        identities_.try_emplace({address, &type, frozen}, static_cast<std::uint32_t>(shared_.size()));
    if (first) {
        shared_.emplace_back();
        if (keep && (kept_.empty() || kept_.back() != keep)) kept_.push_back(std::move(keep));
    }
    const std::uint32_t index = place->second;
    Shared value = shared_[index];
    if (value.state == Shared::State::unknown) {
        if (pending_ == index) return false;
        shared_[index].next = pending_;
        pending_ = index;
        pending_start_ = buffer_.size();
        return false;
    }
    if (value.state == Shared::State::open) {
        Frame& frame = frames_[value.place];
        value = {Shared::State::cyclic, frame.tag, node_of(frame)};
    }
    value.next = none;
    put_value(value);
    settle_shared(std::exchange(pending_, none), value);
    item_done();
    return true;
}

std::span<const std::byte> Bodies::finish() {
    if (roots_ != 1 || !frames_.empty())
        throw Error(ErrorCode::usage, frames_.empty() ? "a mapping tells " + std::to_string(roots_) + " values for one"
                                                      : "a mapping does not end what it began");
    if (cycles_.empty()) return buffer_;
    const CyclicRef root = refs_.front();
    const Cycles::Result result = cycles_.solve(root.node);
    const auto tag = static_cast<Tag>(buffer_[root.at - 1]);
    buffer_.resize(std::size(prefix));
    put(Tag::cyclic), put(tag);
    put(result.root), put(result.system);
    return buffer_;
}

}  // namespace jl::detail
