#include "parallel/argument_payloads.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <iterator>

#include <jl/error.hpp>

#include "io/crc32c.hpp"

namespace jl {
namespace {

constexpr int most_alive = 64;
constexpr std::size_t most_recent = 2;

std::atomic<int> alive{0};
std::atomic<std::uint64_t> last_number{0};

std::uint64_t mixed(std::span<const std::byte> bytes, std::size_t step) noexcept {
    std::uint64_t sum = bytes.size();
    for (std::size_t at = 0; at + sizeof sum <= bytes.size(); at += step) {
        std::uint64_t word = 0;
        std::memcpy(&word, &bytes[at], sizeof word);
        sum = (sum ^ word) * 0x9e3779b97f4a7c15;
        sum ^= sum >> 29;
    }
    return sum;
}

// Few arrays that differ agree in it.
std::uint64_t sample_of(std::span<const std::byte> bytes) noexcept {
    return mixed(bytes, std::max<std::size_t>(bytes.size() / 256, 1));
}

}  // namespace

NumberedPayload::NumberedPayload(PayloadFile payload) : number(++last_number), file(std::move(payload)) { ++alive; }
NumberedPayload::~NumberedPayload() { --alive; }
bool NumberedPayload::has_room() noexcept { return alive < most_alive; }

ArgumentPayloads::ArgumentPayloads(std::uint64_t max_nbytes, std::string folder, Use use)
    : max_nbytes_(max_nbytes), folder_(std::move(folder)), use_(use) {}

std::optional<std::uint64_t> ArgumentPayloads::Message::put(const ArrayEvent& array, std::uint64_t nbytes) {
    if (nbytes <= of_.max_nbytes_) return std::nullopt;
    if (!NumberedPayload::has_room() && !of_.make_room()) {
        if (of_.use_ == Use::read) return std::nullopt;  // it goes in the message
        throw Error(ErrorCode::limit, "mmap_mode 'r+': a call has " + std::to_string(most_alive) + " arrays at most");
    }
    try {
        used_.push_back(of_.shared(array, nbytes));
        return used_.back()->number;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::io) throw;
        return std::nullopt;  // no memory, no room on the disk, too many files: it goes in the message
    }
}

PayloadsOutside::Found ArgumentPayloads::Message::get(std::uint64_t) {
    throw Error(ErrorCode::usage, "arguments are read by workers");
}

ArgumentPayloads::Shared ArgumentPayloads::shared(const ArrayEvent& array, std::uint64_t nbytes) {
    if (std::optional<PayloadFile> file = PayloadFile::of_map(array)) return of_map(std::move(*file));
    if (array.fill) return write(array, nbytes);
    // Who has the same array meanwhile waits until it is written.
    const auto own = std::make_shared<Written>();
    own->place = array.bytes.data();
    if (use_ == Use::shared) own->digest = {mixed(array.bytes, sizeof(std::uint64_t)), crc32c(array.bytes)};
    const std::lock_guard writing(own->mutex);
    if (Shared payload = known_or_entered(own, array.bytes)) return wanted_again(std::move(payload));
    Shared payload = write(array, nbytes);
    own->payload = payload;
    return payload;
}

ArgumentPayloads::Shared ArgumentPayloads::known_or_entered(const std::shared_ptr<Written>& own,
                                                            std::span<const std::byte> bytes) {
    const std::uint64_t sample = sample_of(bytes);
    std::vector<std::shared_ptr<Written>> seen;
    std::unique_lock lock(mutex_);
    forget_expired();
    const auto unseen = [&]() -> std::shared_ptr<Written> {
        const auto is_new = [&](const auto& one) { return std::find(seen.begin(), seen.end(), one) == seen.end(); };
        const auto& candidates = written_[sample];
        const auto at = std::find_if(candidates.begin(), candidates.end(), is_new);
        return at == candidates.end() ? nullptr : *at;
    };
    while (const std::shared_ptr<Written> written = unseen()) {
        lock.unlock();
        {
            const std::lock_guard waiting(written->mutex);
            Shared payload = written->payload.lock();
            const bool is_same = use_ == Use::shared ? written->place == own->place && written->digest == own->digest
                                                     : payload && payload->file.holds(bytes);
            if (payload && is_same) return payload;
        }
        seen.push_back(written);
        lock.lock();
    }
    written_[sample].push_back(own);
    return nullptr;
}

ArgumentPayloads::Shared ArgumentPayloads::of_map(PayloadFile file) {
    const std::lock_guard lock(mutex_);
    std::erase_if(maps_, [](const auto& payload) { return payload.expired(); });
    for (const auto& known : maps_)
        if (Shared payload = known.lock(); payload && payload->file.is_same_place(file)) return payload;
    auto payload = std::make_shared<const NumberedPayload>(std::move(file));
    maps_.push_back(payload);
    return payload;
}

ArgumentPayloads::Shared ArgumentPayloads::write(const ArrayEvent& array, std::uint64_t nbytes) {
    auto payload = std::make_shared<const NumberedPayload>(PayloadFile::made(array, nbytes, folder_));
    const std::lock_guard lock(mutex_);
    recent_.push_back(payload);
    if (use_ == Use::read && recent_.size() > most_recent) recent_.pop_front();  // else changes would be lost
    return payload;
}

ArgumentPayloads::Shared ArgumentPayloads::wanted_again(Shared payload) {
    const std::lock_guard lock(mutex_);
    std::erase(again_, payload);
    again_.push_back(payload);
    return payload;
}

// Arrays that no message has now, though they were wanted twice, will have to be written again.
bool ArgumentPayloads::make_room() {
    while (use_ == Use::read && !NumberedPayload::has_room()) {
        Shared oldest;  // goes without the lock
        const std::lock_guard lock(mutex_);
        const auto at =
            std::find_if(again_.begin(), again_.end(), [](const Shared& one) { return one.use_count() == 1; });
        if (at == again_.end()) break;
        oldest = std::move(*at);
        again_.erase(at);
    }
    return NumberedPayload::has_room();
}

// Precondition: mutex_ is held, and no Written's mutex by this thread that is in written_.
void ArgumentPayloads::forget_expired() {
    for (auto at = written_.begin(); at != written_.end();) {
        std::erase_if(at->second, [](const std::shared_ptr<Written>& written) {
            const std::unique_lock writing(written->mutex, std::try_to_lock);
            return writing && written->payload.expired();
        });
        at = at->second.empty() ? written_.erase(at) : std::next(at);
    }
}

}  // namespace jl
