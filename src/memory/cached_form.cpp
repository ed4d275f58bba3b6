#include <algorithm>
#include <iterator>
#include <list>
#include <mutex>
#include <tuple>
#include <utility>

#include <jl/detail/cached_form.hpp>
#include <jl/error.hpp>
#include <jl/memorized_result.hpp>

#include "io/fork_safe_mutex.hpp"
#include "memory/expires_after.hpp"
#include "memory/memory_state.hpp"

namespace jl::detail {
namespace {

constexpr std::size_t most_memories = 16;

template <class Duration>
std::optional<std::int64_t> count_of(const std::optional<Duration>& time) {
    return time ? std::optional<std::int64_t>(time->count()) : std::nullopt;
}
template <class Duration>
std::optional<Duration> time_of(const std::optional<std::int64_t>& count) {
    return count ? std::optional(Duration(*count)) : std::nullopt;
}

void put_compress(CachedForm& form, const Compress& compress) {
    using Kind = Compress::Kind;
    const Kind kind = compress.kind();
    form.compress_method = compress.method();
    if (kind == Kind::on) form.compress_method = "zlib";
    if (kind == Kind::level || kind == Kind::method_and_level) form.compress_level = compress.level();
}

Compress compress_of(const CachedForm& form) {
    if (form.compress_method.empty()) return form.compress_level ? Compress(*form.compress_level) : Compress();
    return form.compress_level ? Compress(form.compress_method, *form.compress_level) : Compress(form.compress_method);
}

MemoryOptions memory_options_of(const CachedForm& form) {
    MemoryOptions options{.verbose = form.verbose,
                          .compress = compress_of(form),
                          .mmap_mode = mode_named(form.mmap_mode),
                          .backend = form.store.backend,
                          .backend_options = form.store.options,
                          .items_limit = form.items_limit,
                          .age_limit = time_of<std::chrono::microseconds>(form.age_limit_us),
                          .wait_limit = time_of<std::chrono::milliseconds>(form.wait_limit_ms)};
    if (form.bytes_limit) options.bytes_limit = ByteSize(*form.bytes_limit);
    return options;
}

auto identity_of(const CachedForm& form) {
    return std::tuple(form.store.backend, form.store.location, form.store.options, form.verbose, form.compress_method,
                      form.compress_level, form.mmap_mode, form.bytes_limit, form.items_limit, form.age_limit_us,
                      form.wait_limit_ms);
}

}  // namespace

CachedForm form_of(const FunctionState& function) {
    const MemoryState& memory = *function.memory;
    const auto refuse = [&](const std::string& what) {
        throw Error(ErrorCode::usage, "the cached function '" + function.name + "' cannot leave its process: " + what +
                                          "; let the task make a Memory and a cached function of its own");
    };
    CachedForm form;
    form.store = {memory.options.backend, memory.location, memory.options.backend_options};
    if (memory.store)
        if (const StoreReference behind = reference_to(memory); behind.backend == "local")
            form.store.location = behind.location;
    if (without_secrets(form.store) != form.store) refuse("its location or an option holds a secret");
    form.verbose = memory.options.verbose;
    put_compress(form, memory.options.compress);
    form.mmap_mode = name_of_mode(memory.options.mmap_mode);
    if (memory.options.bytes_limit) form.bytes_limit = memory.options.bytes_limit->bytes();
    form.items_limit = memory.options.items_limit;
    form.age_limit_us = count_of(memory.options.age_limit);
    form.wait_limit_ms = count_of(memory.options.wait_limit);

    const CacheOptions& options = function.options;
    form.name = function.name;
    form.version = options.version.text();
    form.arg_names = options.arg_names;
    form.ignore = options.ignore;
    if (const auto* const expires = options.cache_validation_callback.target<ExpiresAfter>())
        form.expires_after_us = expires->age.count();
    else if (options.cache_validation_callback)
        refuse("its validation callback is this program's own");
    form.own_verbose = options.verbose;
    form.has_own_mmap_mode = options.mmap_mode.has_value();
    if (options.mmap_mode) form.own_mmap_mode = name_of_mode(*options.mmap_mode);
    return form;
}

namespace {

// The Memories of forms that were read last.
class KnownMemories {
  public:
    static KnownMemories& all() {
        static auto& all = *new KnownMemories();
        return all;
    }
    // Null: it is not among them.
    std::shared_ptr<MemoryState> find(const CachedForm& form) {
        const std::lock_guard lock(mutex_);
        return find(identity_of(form));
    }
    // The one that another thread has added meanwhile, or this one.
    std::shared_ptr<MemoryState> add(const CachedForm& form, std::shared_ptr<MemoryState> memory) {
        const Identity identity = identity_of(form);
        decltype(known_) leaving;  // behind the lock: stores may take others
        const std::lock_guard lock(mutex_);
        if (std::shared_ptr<MemoryState> other = find(identity)) return other;
        known_.emplace_front(identity, memory);
        if (known_.size() > most_memories) leaving.splice(leaving.end(), known_, std::prev(known_.end()));
        return memory;
    }

  private:
    using Identity = decltype(identity_of(std::declval<CachedForm>()));

    std::shared_ptr<MemoryState> find(const Identity& identity) {
        const auto found = std::ranges::find(known_, identity, [](const auto& each) { return each.first; });
        if (found == known_.end()) return nullptr;
        known_.splice(known_.begin(), known_, found);
        return found->second;
    }

    ForkSafeMutex mutex_;
    std::list<std::pair<Identity, std::shared_ptr<MemoryState>>> known_;  // used last first
};

}  // namespace

// A store may take its time to be opened, and takes locks of its own.
std::shared_ptr<MemoryState> memory_of(const CachedForm& form) {
    if (std::shared_ptr<MemoryState> known = KnownMemories::all().find(form)) return known;
    std::optional<std::filesystem::path> location;
    if (!form.store.location.empty()) location = form.store.location;
    return KnownMemories::all().add(form, make_memory(location, memory_options_of(form)));
}

CacheOptions options_of(const CachedForm& form) {
    CacheOptions options{
        .version = form.version, .arg_names = form.arg_names, .ignore = form.ignore, .verbose = form.own_verbose};
    if (form.expires_after_us)
        options.cache_validation_callback = expires_after(std::chrono::microseconds(*form.expires_after_us));
    if (form.has_own_mmap_mode) options.mmap_mode = mode_named(form.own_mmap_mode);
    return options;
}

}  // namespace jl::detail
