#ifdef JL_HAS_HIREDIS

#include "memory/redis_store.hpp"

#include <charconv>
#include <unistd.h>

#include <jl/error.hpp>
#include <jl/url.hpp>

#include "memory/entry_name.hpp"
#include "memory/owned_bytes.hpp"
#include "memory/random_name.hpp"
#include "memory/redis_lock.hpp"

namespace jl {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t read_at_once = std::uint64_t{1} << 20;
constexpr std::chrono::minutes replaced_stay{10};
constexpr std::chrono::hours unfinished_stay{24};
constexpr std::size_t page = 1'000;  // entries that are asked for at a time

// entry, used, usage, trash; member, value, size, metadata, bytes, now, when the old value may go
const std::string commit_script = R"(
local old = redis.call('HMGET', KEYS[1], 'value', 'bytes')
if old[1] then
  if old[1] ~= ARGV[2] then redis.call('ZADD', KEYS[4], ARGV[7], old[1]) end
  redis.call('HINCRBY', KEYS[3], 'bytes', ARGV[5] - (tonumber(old[2]) or 0))
else
  redis.call('HINCRBY', KEYS[3], 'bytes', ARGV[5])
  redis.call('HINCRBY', KEYS[3], 'items', 1)
end
redis.call('HSET', KEYS[1], 'value', ARGV[2], 'size', ARGV[3], 'metadata', ARGV[4], 'bytes', ARGV[5])
redis.call('ZADD', KEYS[2], ARGV[6], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[2])
return 1)";

// entry, used, usage, trash; member, when the value may go
const std::string remove_script = R"(
local old = redis.call('HMGET', KEYS[1], 'value', 'bytes')
if not old[1] then return 0 end
redis.call('ZADD', KEYS[4], ARGV[2], old[1])
redis.call('HINCRBY', KEYS[3], 'bytes', 0 - (tonumber(old[2]) or 0))
redis.call('HINCRBY', KEYS[3], 'items', -1)
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1)";

// entry, used; member, now or nothing
const std::string find_script = R"(
local found = redis.call('HMGET', KEYS[1], 'value', 'size', 'metadata')
if found[1] and ARGV[2] ~= '' then redis.call('ZADD', KEYS[2], 'XX', ARGV[2], ARGV[1]) end
return found)";

// entry; what it becomes
const std::string pin_script = R"(
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'pinned', ARGV[1])
return 1)";

// trash; now
const std::string sweep_script = R"(
local old = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 100)
for _, value in ipairs(old) do
  redis.call('DEL', value)
  redis.call('ZREM', KEYS[1], value)
end
return #old)";

std::string text_of(StoreTime time) {
    return std::to_string(std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count());
}
std::string from_now(StoreTime::duration time) { return text_of(std::chrono::system_clock::now() + time); }
std::string now() { return from_now({}); }

// What others wrote into the hash is a claim.
std::uint64_t number_of(std::optional<std::string_view> text) {
    std::uint64_t number = 0;
    if (text) (void)std::from_chars(text->data(), text->data() + text->size(), number);
    return number;
}
StoreTime time_of(std::optional<std::string_view> text) {
    return StoreTime(milliseconds(static_cast<std::int64_t>(std::min(number_of(text), std::uint64_t{1} << 42))));
}

}  // namespace

RedisStore::RedisStore(const StoreOptions& options) : place_(RedisPlace::from_url(options.location)) {
    if (!options.backend_options.empty())
        throw Error(ErrorCode::usage,
                    "the store backend 'redis' knows no option '" + options.backend_options.begin()->first + "'");
    shown_ = "redis://" + place_.host + ":" + std::to_string(place_.port) + "/" + place_.key;
    if (place_.db != 0) shown_ += "?db=" + std::to_string(place_.db);
    locks_ = std::make_shared<RedisLocks>(place_, key("locks"));
}

std::string RedisStore::member_of(const EntryId& id) {
    if (id.function.empty()) throw Error(ErrorCode::usage, "a cached function needs a name");
    if (!is_entry_name(id.arguments))
        throw Error(ErrorCode::usage, "'" + id.arguments + "' is not the hash of arguments");
    return id.arguments + ":" + id.function;
}

EntryId RedisStore::id_of(std::string_view member) {
    const auto colon = std::min(member.find(':'), member.size());
    return {std::string(member.substr(std::min(colon + 1, member.size()))), std::string(member.substr(0, colon))};
}

// A server closes connections that were idle; a child process shares none with its parent.
template <class Work>
auto RedisStore::connected(Work work) {
    const std::lock_guard lock(mutex_);
    if (owner_ != ::getpid()) redis_.reset();
    for (bool is_new = !redis_;; is_new = true) {
        try {
            if (!redis_) redis_.emplace(place_);
            owner_ = ::getpid();
            return work(*redis_);
        } catch (Error& error) {
            redis_.reset();
            if (!is_new && error.code() == ErrorCode::io) continue;
            error.in_file(shown_);
            throw;
        } catch (...) {  // answers may be left on the line
            redis_.reset();
            throw;
        }
    }
}

// The value is in the trash until the entry has it: what dies in between is swept.
class RedisEntryWriter final : public EntryWriter {
  public:
    RedisEntryWriter(RedisStore& store, EntryId id, RedisPlace value)
        : store_(store), id_(std::move(id)), value_(value.key), sink_(value) {}
    Sink& output() override { return sink_; }
    void commit(std::string_view metadata) override {
        const std::uint64_t size = sink_.position().value_or(0);
        store_.connected([&](detail::RedisConnection& redis) {
            return redis.ask({"ZADD", store_.key("trash"), from_now(unfinished_stay), value_}).integer();
        });
        sink_.commit();
        store_.commit(id_, value_, size, metadata);
    }

  private:
    RedisStore& store_;
    EntryId id_;
    std::string value_;
    RedisSink sink_;
};

detail::RedisReply RedisStore::run(const std::string& script, const Words& keys, const Words& arguments) {
    const std::string count = std::to_string(keys.size());
    std::vector<std::string_view> words{"EVAL", script, count};
    words.insert(words.end(), keys.begin(), keys.end());
    words.insert(words.end(), arguments.begin(), arguments.end());
    return connected([&](detail::RedisConnection& redis) { return redis.ask(std::span(words)); });
}

bool RedisStore::contains(const EntryId& id) {
    const std::string entry = entry_key(id);
    return connected([&](detail::RedisConnection& redis) { return redis.ask({"EXISTS", entry}).integer(); }) != 0;
}

std::string RedisStore::metadata(const EntryId& id) {
    const std::string entry = entry_key(id);
    return connected([&](detail::RedisConnection& redis) {
        const detail::RedisReply found = redis.ask({"HMGET", entry, "metadata"});
        return std::string(found.item(0).value_or(""));
    });
}

std::optional<StoredOutput> RedisStore::find(const EntryId& id, Use use) {
    const detail::RedisReply found =
        run(find_script, {entry_key(id), key("used")}, {member_of(id), use == Use::counts ? now() : ""});
    if (!found.item(0)) return std::nullopt;
    const std::string value(*found.item(0));
    StoredOutput output;
    output.metadata = found.item(2).value_or("");
    if (number_of(found.item(1)) > read_at_once) {
        RedisPlace place = place_;
        place.key = value;
        output.source = std::make_shared<RedisSource>(place);
        return output;
    }
    output.source = connected([&](detail::RedisConnection& redis) -> std::shared_ptr<const RandomSource> {
        const detail::RedisReply bytes = redis.ask({"GET", value});
        if (bytes.is_nil()) return nullptr;
        const auto content = bytes.bytes();
        return std::make_shared<OwnedBytes>(std::vector(content.begin(), content.end()));
    });
    if (!output.source) return std::nullopt;  // taken away by somebody else
    return output;
}

std::unique_ptr<EntryWriter> RedisStore::create(const EntryId& id) {
    (void)member_of(id);
    RedisPlace value = place_;
    value.key = key("value:" + random_name());
    return std::make_unique<RedisEntryWriter>(*this, id, value);
}

void RedisStore::commit(const EntryId& id, const std::string& value, std::uint64_t size, std::string_view metadata) {
    (void)run(commit_script, {entry_key(id), key("used"), key("usage"), key("trash")},
              {member_of(id), value, std::to_string(size), std::string(metadata),
               std::to_string(size + metadata.size()), now(), from_now(replaced_stay)})
        .integer();
}

bool RedisStore::remove(const EntryId& id) {
    return run(remove_script, {entry_key(id), key("used"), key("usage"), key("trash")},
               {member_of(id), from_now(replaced_stay)})
               .integer() != 0;
}

std::uint64_t RedisStore::remove_all(std::span<const EntryId> ids) {
    const std::string used = key("used"), usage = key("usage"), trash = key("trash"), when = from_now(replaced_stay);
    return connected([&](detail::RedisConnection& redis) {
        std::uint64_t removed = 0;
        for (const EntryId& id : ids)
            redis.say({"EVAL", remove_script, "4", entry_key(id), used, usage, trash, member_of(id), when});
        for (std::size_t i = 0; i < ids.size(); ++i) removed += redis.hear().integer();
        return removed;
    });
}

void RedisStore::remove_function(std::string_view function) {
    remove_those([&](const EntryId& id) { return id.function == function; });
}

void RedisStore::clear() {
    remove_those([](const EntryId&) { return true; });
}

template <class Which>
void RedisStore::remove_those(Which which) {
    std::vector<EntryId> going;
    for (const auto& [member, used] : members())
        if (EntryId id = id_of(member); which(id)) going.push_back(std::move(id));
    for (std::size_t first = 0; first < going.size(); first += page)
        remove_all(std::span(going).subspan(first, std::min(page, going.size() - first)));
}

bool RedisStore::pin(const EntryId& id, Pinned pinned) {
    return run(pin_script, {entry_key(id)}, {pinned == Pinned::yes ? "1" : "0"}).integer() != 0;
}

// All at once: while they are walked through, they change places.
std::vector<std::pair<std::string, StoreTime>> RedisStore::members() {
    const std::string used = key("used");
    return connected([&](detail::RedisConnection& redis) {
        const detail::RedisReply all = redis.ask({"ZRANGE", used, "0", "-1", "WITHSCORES"});
        std::vector<std::pair<std::string, StoreTime>> found;
        for (std::size_t i = 0; i + 1 < all.count(); i += 2) {
            const std::string member(all.item(i).value_or(""));
            if (is_entry_name(id_of(member).arguments) && !id_of(member).function.empty())
                found.emplace_back(member, time_of(all.item(i + 1)));
        }
        return found;
    });
}

void RedisStore::list(const Visit& visit) {
    const auto all = members();
    for (std::size_t first = 0; first < all.size(); first += page) {
        const std::size_t last = std::min(all.size(), first + page);
        const auto infos = connected([&](detail::RedisConnection& redis) {
            std::vector<EntryInfo> found;
            for (std::size_t i = first; i < last; ++i)
                redis.say({"HMGET", key("entry:" + all[i].first), "bytes", "pinned"});
            for (std::size_t i = first; i < last; ++i) {
                const detail::RedisReply entry = redis.hear();
                if (!entry.item(0)) continue;
                found.push_back({id_of(all[i].first), number_of(entry.item(0)), all[i].second, entry.item(1) == "1"});
            }
            return found;
        });
        for (const EntryInfo& each : infos) visit(each);
    }
}

std::optional<StoreUsage> RedisStore::usage() {
    const std::string usage = key("usage");
    return connected([&](detail::RedisConnection& redis) {
        const detail::RedisReply found = redis.ask({"HMGET", usage, "bytes", "items", "counted"});
        return StoreUsage{number_of(found.item(0)), number_of(found.item(1)), time_of(found.item(2))};
    });
}

void RedisStore::set_usage(const StoreUsage& counted) {
    const std::string usage = key("usage"), bytes = std::to_string(counted.bytes),
                      items = std::to_string(counted.items);
    connected([&](detail::RedisConnection& redis) {
        return redis.ask({"HSET", usage, "bytes", bytes, "items", items, "counted", now()}).integer();
    });
}

std::unique_ptr<EntryLock> RedisStore::lock(const EntryId& id, std::optional<std::chrono::milliseconds> patience) {
    const auto begin = std::chrono::steady_clock::now();
    auto here = StoreBackend::lock(id, patience);  // threads of this process do not ask Redis again and again
    if (!here) return nullptr;
    if (patience) {
        const auto gone = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
        patience = std::max(milliseconds(0), *patience - gone);
    }
    try {
        return locks_->take(member_of(id), patience, std::move(here));
    } catch (Error& error) {
        error.in_file(shown_);
        throw;
    }
}

void RedisStore::sweep() {
    (void)run(sweep_script, {key("trash")}, {now()}).integer();
    locks_->sweep();
}

}  // namespace jl

#endif
