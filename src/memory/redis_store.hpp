// Entries in Redis, for many machines:
//
//     jl::Memory mem("redis://:password@cache:6379/features", {.backend = "redis"});
//
//     <prefix>:entry:<hash>:<function>     a hash: value, size, bytes, metadata, pinned
//     <prefix>:value:<random>              an output, as jl::RedisSink writes it; in Python joblib.load reads it
//     <prefix>:used                        a sorted set: <hash>:<function> by milliseconds of the last use
//     <prefix>:usage                       a hash: bytes, items, counted
//     <prefix>:trash                       a sorted set: values by the time from which they may be deleted
//     <prefix>:locks                       who computes what (redis_lock.hpp)
//
// Each step on an entry is one script of Redis, so all or nothing. Values that were replaced or removed stay readable
// for ten minutes, those of writers that died for a day. Redis must not evict keys under the prefix.
#pragma once

#ifdef JL_HAS_HIREDIS

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <jl/redis.hpp>
#include <jl/store_backend.hpp>

#include "io/remote/redis_connection.hpp"
#include "memory/redis_lock.hpp"

namespace jl {

class RedisStore final : public StoreBackend {
  public:
    // Error{usage} for options, and for a location that is no redis:// URL. Connects when it is first needed.
    explicit RedisStore(const StoreOptions& options);

    std::string place() const override { return shown_; }
    bool contains(const EntryId& id) override;
    std::string metadata(const EntryId& id) override;
    std::optional<StoredOutput> find(const EntryId& id, Use use) override;
    std::unique_ptr<EntryWriter> create(const EntryId& id) override;
    bool remove(const EntryId& id) override;
    std::uint64_t remove_all(std::span<const EntryId> ids) override;
    void remove_function(std::string_view function) override;
    void clear() override;
    bool pin(const EntryId& id, Pinned pinned) override;
    void list(const Visit& visit) override;
    std::unique_ptr<EntryLock> lock(const EntryId& id, std::optional<std::chrono::milliseconds> patience) override;
    std::optional<StoreUsage> usage() override;
    void set_usage(const StoreUsage& counted) override;
    void sweep() override;

  private:
    friend class RedisEntryWriter;
    using Words = std::vector<std::string>;

    std::string key(std::string_view part) const { return place_.key + ":" + std::string(part); }
    std::string entry_key(const EntryId& id) const { return key("entry:" + member_of(id)); }
    static std::string member_of(const EntryId& id);  // Error{usage} for a name that is none
    static EntryId id_of(std::string_view member);
    void commit(const EntryId& id, const std::string& value, std::uint64_t size, std::string_view metadata);
    std::vector<std::pair<std::string, StoreTime>> members();
    detail::RedisReply run(const std::string& script, const Words& keys, const Words& arguments);
    template <class Which>
    void remove_those(Which which);
    // With the connection; a stale one is made anew, once.
    template <class Work>
    auto connected(Work work);

    RedisPlace place_;
    std::string shown_;
    std::shared_ptr<RedisLocks> locks_;
    std::mutex mutex_;  // guards all below
    std::optional<detail::RedisConnection> redis_;
    long owner_ = 0;  // the process that connected
};

}  // namespace jl

#endif
