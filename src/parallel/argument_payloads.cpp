#include "parallel/argument_payloads.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

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
    if (!NumberedPayload::has_room()) {
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
    const std::uint64_t sample = sample_of(array.bytes);
    const bool may_change = use_ == Use::shared;
    const Digest digest =
        may_change ? Digest(mixed(array.bytes, sizeof(std::uint64_t)), crc32c(array.bytes)) : Digest();
    // Who has the same array meanwhile waits until it is written.
    const auto own = std::make_shared<Written>();
    own->place = array.bytes.data();
    const std::lock_guard writing(own->mutex);
    std::unique_lock lock(mutex_);
    auto& candidates = written_[sample];
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const std::shared_ptr<Written> written = candidates[i];
        lock.unlock();
        Shared payload;
        {
            const std::lock_guard waiting(written->mutex);
            payload = written->payload.lock();
            const bool is_same = may_change ? written->place == own->place && written->digest == digest
                                            : payload && payload->file.holds(array.bytes);
            if (!is_same) payload.reset();
        }
        if (payload) return wanted_again(std::move(payload));
        lock.lock();
    }
    candidates.push_back(own);
    lock.unlock();
    Shared payload = write(array, nbytes);
    own->payload = payload;
    own->digest = digest;
    return payload;
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
    if (std::find(again_.begin(), again_.end(), payload) == again_.end()) again_.push_back(payload);
    return payload;
}

}  // namespace jl
