#ifdef JL_HAS_HIREDIS

#include "memory/redis_lock.hpp"

#include <algorithm>
#include <thread>
#include <unistd.h>
#include <utility>

#include <jl/error.hpp>

#include "memory/deadline.hpp"
#include "memory/random_name.hpp"

namespace jl {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds first_pause{1};
constexpr std::chrono::milliseconds longest_pause{100};

// locks; member, who wants it, who had it and is dead. Nil: taken, else who has it.
const std::string take_script = R"(
local has = redis.call('HGET', KEYS[1], ARGV[1])
if has and has ~= ARGV[3] then return has end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return false)";

// locks; member, who had it
const std::string release_script = R"(
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('HDEL', KEYS[1], ARGV[1]))";

}  // namespace

// A child process leaves its parent's lock as it is.
class RedisLocks::Held final : public EntryLock {
  public:
    Held(std::shared_ptr<RedisLocks> locks, std::string member, std::string token, std::unique_ptr<EntryLock> here)
        : here_(std::move(here)), locks_(std::move(locks)), member_(std::move(member)), token_(std::move(token)) {}
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() override {
        if (::getpid() == owner_) locks_->release(member_, token_);
    }

  private:
    std::unique_ptr<EntryLock> here_;
    std::shared_ptr<RedisLocks> locks_;
    std::string member_, token_;
    pid_t owner_ = ::getpid();
};

RedisLocks::Holder RedisLocks::make_holder() const {
    Holder holder{
        .redis = detail::RedisConnection(place_), .id = {}, .name = "jl-" + random_name(), .owner = ::getpid()};
    try {
        holder.id = std::to_string(holder.redis.ask({"CLIENT", "ID"}).integer());
        (void)holder.redis.ask({"CLIENT", "SETNAME", holder.name}).text();
        holder.is_known = is_alive(holder.redis, holder.id + " " + holder.name + " 0");
    } catch (const Error&) {  // it does not tell
    }
    return holder;
}

// Ids begin anew with the server: the name tells that it is the same connection.
bool RedisLocks::is_alive(detail::RedisConnection& redis, const std::string& token) {
    const auto blank = token.find(' '), end = token.rfind(' ');
    const bool is_ours = blank != std::string::npos && blank != end && blank < 19 &&
                         std::all_of(token.begin(), token.begin() + static_cast<std::ptrdiff_t>(blank),
                                     [](char c) { return c >= '0' && c <= '9'; });
    if (!is_ours) return false;
    const std::string name = " name=" + token.substr(blank + 1, end - blank - 1) + " ";
    const detail::RedisReply told = redis.ask({"CLIENT", "LIST", "ID", token.substr(0, blank)});
    return detail::as_text(told.bytes()).find(name) != std::string_view::npos;
}

template <class Work>
auto RedisLocks::with_holder(Work work) {
    const std::lock_guard lock(mutex_);
    if (holder_ && holder_->owner != ::getpid()) holder_.reset();
    for (bool is_new = !holder_;; is_new = true) {
        try {
            if (!holder_) holder_.emplace(make_holder());
            return work(*holder_);
        } catch (const Error&) {
            if (holder_ && !holder_->redis.is_broken()) throw;  // Redis said no: what is held stays so
            holder_.reset();
            if (is_new) throw;
        } catch (...) {  // answers may be left on the line
            holder_.reset();
            throw;
        }
    }
}

std::optional<std::string> RedisLocks::try_to_take(Holder& holder, const std::string& member, const std::string& token,
                                                   const std::string& dead) {
    const detail::RedisReply has = holder.redis.ask({"EVAL", take_script, "1", key_, member, token, dead});
    if (has.is_nil()) return std::nullopt;
    return std::string(detail::as_text(has.bytes()));
}

std::unique_ptr<EntryLock> RedisLocks::take(std::string member, Patience patience, std::unique_ptr<EntryLock> here) {
    const auto deadline = deadline_after(patience.value_or(std::chrono::milliseconds(0)));
    std::string token;
    // Taken, not taken, or nothing can be known of others.
    enum class Outcome : std::uint8_t { taken, refused, unknown };
    const auto attempt = [&](Holder& holder) {
        if (!holder.is_known) return Outcome::unknown;
        token = holder.id + " " + holder.name + " " + std::to_string(++count_);
        std::string dead;
        while (const auto has = try_to_take(holder, member, token, dead)) {
            if (is_alive(holder.redis, *has)) return Outcome::refused;
            dead = *has;
        }
        return Outcome::taken;
    };
    for (auto pause = first_pause;; pause = std::min(2 * pause, longest_pause)) {
        const Outcome outcome = with_holder(attempt);
        if (outcome == Outcome::unknown) return here;
        if (outcome == Outcome::taken)
            return std::make_unique<Held>(shared_from_this(), std::move(member), std::move(token), std::move(here));
        const auto left = patience ? deadline - Clock::now() : Clock::duration(longest_pause);
        if (left <= Clock::duration::zero()) return nullptr;
        std::this_thread::sleep_for(std::min<Clock::duration>(pause, left));
    }
}

// What cannot be given back is taken over once this process, or its connection, is gone.
void RedisLocks::release(const std::string& member, const std::string& token) noexcept {
    try {
        with_holder([&](Holder& holder) {
            return holder.redis.ask({"EVAL", release_script, "1", key_, member, token}).integer();
        });
    } catch (...) {
    }
}

void RedisLocks::sweep() {
    with_holder([&](Holder& holder) {
        if (!holder.is_known) return;
        const detail::RedisReply all = holder.redis.ask({"HGETALL", key_});
        for (std::size_t i = 0; i + 1 < all.count(); i += 2) {
            const std::string member(all.item(i).value_or("")), token(all.item(i + 1).value_or(""));
            if (!is_alive(holder.redis, token))
                (void)holder.redis.ask({"EVAL", release_script, "1", key_, member, token}).integer();
        }
    });
}

}  // namespace jl

#endif
