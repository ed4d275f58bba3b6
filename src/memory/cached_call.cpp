#include <algorithm>
#include <chrono>
#include <utility>

#include <jl/detail/cached_call.hpp>
#include <jl/hash.hpp>
#include <jl/memorized_result.hpp>

#include "memory/call_messages.hpp"
#include "memory/eviction.hpp"
#include "memory/keep_result.hpp"
#include "memory/memory_state.hpp"

namespace jl::detail {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }
std::uint64_t nanoseconds(double seconds) { return static_cast<std::uint64_t>(std::clamp(seconds, 0.0, 9e9) * 1e9); }

// Both are 128 bits. A jl without OpenSSL finds results of its own kind only.
#if defined(JL_HAS_CRYPTO)
constexpr HashOptions key_options{.hash_name = "md5"};
#else
constexpr HashOptions key_options{.hash_name = "xxh3_128"};
#endif

bool is_ignored(const FunctionState& function, std::size_t index) {
    return index < function.ignored.size() && function.ignored[index];
}

// Names do not enter, so that a parameter may be renamed; but which arguments do.
void emit_key(const FunctionState& function, const CallParts& call, Emitter& out) {
    std::uint64_t items = 3 + (call.state ? 1 : 0);
    std::string which;
    for (std::size_t i = 0; i < call.arguments; ++i) {
        which += is_ignored(function, i) ? '-' : '+';
        items += is_ignored(function, i) ? 0 : 1;
    }
    out.begin(Container::tuple, items);
    out.text(function.signature);
    out.text(function.options.version.text());
    out.text(which);
    if (call.state) call.state(out);
    for (std::size_t i = 0; i < call.arguments; ++i)
        if (!is_ignored(function, i)) call.argument(i, out);
    out.end();
}

std::string name_of_argument(const FunctionState& function, std::size_t index) {
    return index < function.options.arg_names.size() ? function.options.arg_names[index]
                                                     : "arg" + std::to_string(index);
}

void load_found(const StoredOutput& found, const Reading& reading, std::optional<MmapMode> mmap_mode) {
    LoadOptions options{.mmap_mode = mmap_mode, .mmap_fallback = Fallback::load};
    if (!found.path.empty() && (mmap_mode || !found.source)) return load_from_path(reading, found.path, options);
    options.mmap_mode = {};
    try {
        load_from_random(reading, found.source, options);
    } catch (Error& error) {
        if (!found.path.empty()) error.in_file(found.path.string());
        throw;
    }
}

// The entries whose functions run in this thread, the innermost first.
class BeingComputed {
  public:
    BeingComputed(const StoreBackend& store, const EntryId& id)
        : store_(store), id_(id), around_(std::exchange(innermost, this)) {}
    BeingComputed(const BeingComputed&) = delete;
    BeingComputed& operator=(const BeingComputed&) = delete;
    ~BeingComputed() { innermost = around_; }
    static bool here(const StoreBackend& store, const EntryId& id) {
        for (const BeingComputed* each = innermost; each != nullptr; each = each->around_)
            if (each->id_ == id && each->store_.place() == store.place()) return true;
        return false;
    }

  private:
    static thread_local const BeingComputed* innermost;
    const StoreBackend& store_;
    const EntryId& id_;
    const BeingComputed* around_;
};
thread_local const BeingComputed* BeingComputed::innermost = nullptr;

// One call, from the key to the result.
class Call {
  public:
    Call(const FunctionState& function, const CallParts& parts, CallMode mode)
        : function_(function),
          parts_(parts),
          mode_(mode),
          memory_(*function.memory),
          store_(*memory_.store),
          messages_(function, parts) {}

    CallReport run() {
        report_.id = entry_of(function_, parts_);
        messages_.querying(report_.id);
        if (mode_ == CallMode::forced || !load(Complain::yes)) miss();
        report_.seconds = seconds_since(begin_);
        return std::move(report_);
    }

  private:
    enum class Complain : std::uint8_t { no, yes };

    void miss() {
        const std::unique_ptr<EntryLock> lock = wait_for_others();
        if (mode_ != CallMode::forced && looked_again_ && load(Complain::no)) return;
        compute();
    }

    // Null: the store cannot lock, the others take too long, or this thread is computing it already (a recursive
    // function with an ignored argument).
    std::unique_ptr<EntryLock> wait_for_others() {
        if (BeingComputed::here(store_, report_.id)) return nullptr;
        try {
            auto lock = store_.lock(report_.id, std::chrono::milliseconds(0));
            looked_again_ = true;  // whoever had it may have written in the meantime
            if (lock) return lock;
            report_.waited = true;
            ++memory_.waits;
            return store_.lock(report_.id, memory_.options.wait_limit);
        } catch (const std::exception& error) {
            messages_.cannot_keep(error.what());
            return nullptr;
        }
    }

    bool load(Complain complain) {
        std::optional<StoredOutput> found;
        const bool looked = tried(complain, [&] { found = store_.find(report_.id, Use::counts); });
        if (!looked || !found) return false;
        report_.metadata = CallMetadata::from_json(found->metadata).value_or(CallMetadata());
        const auto& is_valid = function_.options.cache_validation_callback;
        if (is_valid && !is_valid(report_.metadata)) return false;  // the new result takes its place, and its pin
        if (!tried(complain, [&] { load_from(*found); })) return false;
        ++memory_.hits;
        report_.hit = report_.stored = true;
        return true;
    }

    void load_from(const StoredOutput& found) {
        if (mode_ == CallMode::shelved) return;
        const auto start = Clock::now();
        messages_.loading(report_.id, report_.metadata);
        load_found(found, parts_.reading(), mode_of(function_));
        parts_.take_loaded();
        const double seconds = seconds_since(start);
        messages_.loaded(seconds);
        memory_.saved_ns += nanoseconds(report_.metadata.duration - seconds);
    }

    // False, and a warning, where the store fails, or a type that is loaded does.
    template <class Work>
    bool tried(Complain complain, Work work) {
        try {
            work();
            return true;
        } catch (const std::exception& error) {
            const auto* const own = dynamic_cast<const Error*>(&error);
            const bool removed = own != nullptr && own->code() == ErrorCode::io && is_gone();
            if (!removed && complain == Complain::yes) ++memory_.failures, messages_.cannot_load(error.what());
            return false;
        }
    }

    // Removed meanwhile. A store that fails again does not say so.
    bool is_gone() {
        try {
            return !store_.contains(report_.id);
        } catch (const std::exception&) {
            return false;
        }
    }

    void compute() {
        messages_.computing(report_.id);
        messages_.calling();
        ++memory_.misses;
        CallMetadata metadata{.function = function_.name, .version = function_.options.version.text()};
        for (std::size_t i = 0; i < parts_.arguments; ++i)  // before the function takes them
            metadata.input_args.emplace_back(name_of_argument(function_, i), messages_.argument(i));
        const auto start = Clock::now();
        {
            const BeingComputed computing(store_, report_.id);
            parts_.compute();
        }
        memory_.computing_ns += nanoseconds(seconds_since(start));
        report_.metadata = std::move(metadata);
        keep(start);
        messages_.computed(seconds_since(start));
        // As later calls will have it.
        if (report_.stored && mode_of(function_) && mode_ != CallMode::shelved) load_mapped();
    }

    // What was computed stays where that fails.
    void load_mapped() {
        try {
            const auto found = store_.find(report_.id, Use::silent);
            if (!found || found->path.empty()) return;
            load_found(*found, parts_.reading(), mode_of(function_));
            parts_.take_loaded();
        } catch (const std::exception& error) {
            messages_.cannot_load(error.what());
        }
    }

    void keep(Clock::time_point start) {
        try {
            write_entry(start);
        } catch (const std::exception& error) {
            ++memory_.failures;
            return messages_.cannot_keep(error.what());
        }
        hold_limits();
    }

    void write_entry(Clock::time_point start);
    void hold_limits();

    const FunctionState& function_;
    const CallParts& parts_;
    CallMode mode_;
    MemoryState& memory_;
    StoreBackend& store_;
    CallMessages messages_;
    CallReport report_;
    bool looked_again_ = false;
    Clock::time_point begin_ = Clock::now();
};

void Call::write_entry(Clock::time_point start) {
    messages_.persisting(report_.id);
    report_.metadata =
        keep_result(function_, parts_, report_.id, std::move(report_.metadata), [&] { return seconds_since(start); });
    report_.stored = true;
    memory_.store_failed = false;
    memory_.bytes_written += report_.metadata.output_bytes;
}

// The result is kept, whatever becomes of the limits.
void Call::hold_limits() {
    try {
        keep_limits(memory_, report_.metadata.output_bytes);
        memory_.limits_failed = false;
    } catch (const std::exception& error) {
        messages_.cannot_hold_limits(error.what());
    }
}

CallReport call_directly(const FunctionState& function, const CallParts& parts) {
    const auto begin = Clock::now();
    ++function.memory->misses;
    parts.compute();
    CallReport report;
    report.seconds = report.metadata.duration = seconds_since(begin);
    function.memory->computing_ns += nanoseconds(report.seconds);
    report.metadata.function = function.name;
    report.metadata.version = function.options.version.text();
    report.metadata.time = std::chrono::system_clock::now();
    return report;
}

}  // namespace

std::optional<MmapMode> mode_of(const FunctionState& function) {
    return function.options.mmap_mode.value_or(function.memory->options.mmap_mode);
}

CallReport run_call(const FunctionState& function, const CallParts& call, CallMode mode) {
    return function.memory->store ? Call(function, call, mode).run() : call_directly(function, call);
}

EntryId entry_of(const FunctionState& function, const CallParts& call) {
    return {function.name, hash_events([&](Emitter& out) { emit_key(function, call, out); }, key_options)};
}

bool is_cached(const FunctionState& function, const CallParts& call) {
    if (!function.memory->store) return false;
    StoreBackend& store = *function.memory->store;
    const EntryId id = entry_of(function, call);
    if (!store.contains(id)) return false;
    const auto& is_valid = function.options.cache_validation_callback;
    return !is_valid || is_valid(CallMetadata::from_json(store.metadata(id)).value_or(CallMetadata()));
}

void insert_result(const FunctionState& function, const CallParts& call, double seconds) {
    if (!function.memory->store) throw Error(ErrorCode::usage, "a Memory without a location keeps no results");
    CallMetadata metadata{.function = function.name, .version = function.options.version.text()};
    const CallMessages messages(function, call);
    for (std::size_t i = 0; i < call.arguments; ++i)
        metadata.input_args.emplace_back(name_of_argument(function, i), messages.argument(i));
    const auto kept =
        keep_result(function, call, entry_of(function, call), std::move(metadata), [=] { return seconds; });
    function.memory->bytes_written += kept.output_bytes;
    keep_limits(*function.memory, kept.output_bytes);
}

void load_result(StoreBackend& store, const EntryId& id, const Reading& reading, std::optional<MmapMode> mmap_mode) {
    const auto found = store.find(id, Use::counts);
    if (!found)
        throw Error(ErrorCode::missing, "Non-existing item (may have been cleared).\nFile " + store.place_of(id) +
                                            "/output.pkl does not exist");
    try {
        load_found(*found, reading, mmap_mode);
    } catch (const Error& error) {
        throw Error(error.code(),
                    "Error while trying to load a MemorizedResult's value. It seems that this folder is corrupted : " +
                        store.place_of(id) + ": " + error.what());
    }
}

}  // namespace jl::detail
