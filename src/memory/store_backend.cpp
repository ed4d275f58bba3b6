#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <unistd.h>

#include <jl/error.hpp>
#include <jl/store_backend.hpp>

#include "io/remote/not_built_in.hpp"
#include "memory/deadline.hpp"
#include "memory/front_store.hpp"
#include "memory/local_store.hpp"
#include "memory/redis_store.hpp"
#include "memory/s3_store.hpp"

namespace jl {
namespace {

struct Kind {
    std::string name;
    StoreFactory open;
};

template <class Store>
std::shared_ptr<StoreBackend> make(const StoreOptions& options) {
    return std::make_shared<Store>(options);
}

[[maybe_unused]] StoreFactory without(const char* module) {
    return [module](const StoreOptions& options) -> std::shared_ptr<StoreBackend> {
        detail::fail_not_built_in(options.location, module);
    };
}

struct Table {
    std::mutex mutex;
    std::vector<Kind> kinds;  // in order of registration

    Table() {
        kinds.push_back({"local", &make<LocalStore>});
        kinds.push_back({"memory", &FrontStore::open});
#ifdef JL_HAS_HIREDIS
        kinds.push_back({"redis", &make<RedisStore>});
#else
        kinds.push_back({"redis", without("HIREDIS")});
#endif
#if defined(JL_HAS_CURL) && defined(JL_HAS_CRYPTO)
        kinds.push_back({"s3", &make<S3Store>});
#elif defined(JL_HAS_CURL)
        kinds.push_back({"s3", without("CRYPTO")});
#else
        kinds.push_back({"s3", without("CURL")});
#endif
    }
};

Table& table() {
    static Table the_table;
    return the_table;
}

// What this process computes in stores that know no locks. A child process begins with none: the threads that hold them
// are not its own.
class Computing {
  public:
    using Key = std::pair<std::string, EntryId>;

    bool take(const Key& key, std::optional<std::chrono::milliseconds> patience) {
        std::unique_lock lock(mutex_);
        if (owner_ != ::getpid()) taken_.clear(), owner_ = ::getpid();
        const auto is_free = [&] { return !taken_.contains(key); };
        if (!patience)
            released_.wait(lock, is_free);
        else if (!released_.wait_until(lock, deadline_after(*patience), is_free))
            return false;
        taken_.insert(key);
        return true;
    }
    void release(const Key& key) {
        {
            const std::lock_guard lock(mutex_);
            taken_.erase(key);
        }
        released_.notify_all();
    }

    static Computing& here() {
        static Computing computing;
        return computing;
    }

  private:
    std::mutex mutex_;
    std::condition_variable released_;
    std::set<Key> taken_;
    pid_t owner_ = ::getpid();
};

class ProcessLock final : public EntryLock {
  public:
    explicit ProcessLock(Computing::Key key) : key_(std::move(key)) {}
    ProcessLock(const ProcessLock&) = delete;
    ProcessLock& operator=(const ProcessLock&) = delete;
    ~ProcessLock() override { Computing::here().release(key_); }

  private:
    Computing::Key key_;
};

}  // namespace

std::string StoreBackend::place_of(const EntryId& id) const {
    return place() + "/" + id.function + (id.arguments.empty() ? "" : "/" + id.arguments);
}

std::unique_ptr<EntryLock> StoreBackend::lock(const EntryId& id, std::optional<std::chrono::milliseconds> patience) {
    Computing::Key key(place(), id);
    if (!Computing::here().take(key, patience)) return nullptr;
    return std::make_unique<ProcessLock>(std::move(key));
}

std::uint64_t StoreBackend::remove_all(std::span<const EntryId> ids) {
    std::uint64_t removed = 0;
    for (const EntryId& id : ids) removed += remove(id) ? 1 : 0;
    return removed;
}

void register_store_backend(const std::string& name, StoreFactory factory, Replace replace) {
    if (name.empty()) throw Error(ErrorCode::usage, "Store backend '' needs a name.");
    if (!factory) throw Error(ErrorCode::usage, "Store backend '" + name + "' needs a factory.");
    const std::lock_guard lock(table().mutex);
    auto& kinds = table().kinds;
    const auto found = std::ranges::find(kinds, name, &Kind::name);
    if (found == kinds.end())
        kinds.push_back({name, std::move(factory)});
    else if (replace == Replace::yes)
        found->open = std::move(factory);
    else
        throw Error(ErrorCode::usage, "Store backend '" + name + "' already registered.");
}

std::vector<std::string> store_backends() {
    const std::lock_guard lock(table().mutex);
    std::vector<std::string> names;
    for (const Kind& kind : table().kinds) names.push_back(kind.name);
    return names;
}

std::shared_ptr<StoreBackend> open_store(const std::string& backend, const StoreOptions& options) {
    StoreFactory open;
    {
        const std::lock_guard lock(table().mutex);
        const auto found = std::ranges::find(table().kinds, backend, &Kind::name);
        if (found != table().kinds.end()) open = found->open;
    }
    if (!open) throw Error(ErrorCode::usage, "Unknown location " + options.location + " or backend " + backend);
    return open(options);
}

}  // namespace jl
