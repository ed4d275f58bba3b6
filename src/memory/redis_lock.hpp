// The right to compute an entry, among all programs that share a Redis:
//
//     <prefix>:locks     a hash: "<id> <name> <number>" of the holder by <hash>:<function>
//
// id and name are those of a connection that the holder's process keeps open. When the process ends, however it ends,
// the system closes the connection and Redis forgets it: whoever waits sees that and takes the right over at once.
// Nothing expires and nobody has to renew anything, so a computation may take as long as it likes. A machine that is
// cut off counts as alive until Redis' tcp-keepalive gives its connection up; a server with a `timeout` for idle
// clients ends rights too. Where the server does not tell about connections (before 6.2, or by its ACL) only this
// process is kept waiting.
#pragma once

#ifdef JL_HAS_HIREDIS

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <jl/store_backend.hpp>

#include "io/remote/redis_connection.hpp"
#include "memory/not_inherited.hpp"

namespace jl {

// Thread-safe. Errors are Error{io} of Redis.
class RedisLocks : public std::enable_shared_from_this<RedisLocks> {
  public:
    using Patience = std::optional<std::chrono::milliseconds>;

    // `key`: of the hash.
    RedisLocks(RedisPlace place, std::string key) : place_(std::move(place)), key_(std::move(key)) {}
    // `here`: the same right among the threads of this process, which is released after this one. Null: `patience` is
    // over.
    std::unique_ptr<EntryLock> take(std::string member, Patience patience, std::unique_ptr<EntryLock> here);
    // Takes away what dead holders left and nobody asked for again.
    void sweep();

  private:
    class Held;
    struct Holder {
        detail::RedisConnection redis;
        NotInherited own{redis.descriptor()};
        std::string id, name;
        long owner;             // the process
        bool is_known = false;  // to others, by its id
    };

    // The holder at present; another one where the connection is lost.
    template <class Work>
    auto with_holder(Work work);
    Holder make_holder() const;
    static bool is_alive(detail::RedisConnection& redis, const std::string& token);
    std::optional<std::string> try_to_take(Holder& holder, const std::string& member, const std::string& number,
                                           const std::string& dead);
    void release(const std::string& member, const std::string& token) noexcept;

    const RedisPlace place_;
    const std::string key_;
    std::mutex mutex_;  // guards all below
    std::optional<Holder> holder_;
    std::uint64_t count_ = 0;
};

}  // namespace jl

#endif
