#include <algorithm>

#include <jl/memory.hpp>

#include "memory/doubtful_folder.hpp"
#include "memory/eviction.hpp"
#include "memory/memory_state.hpp"

namespace jl {

namespace {

using detail::MemoryState;

constexpr std::chrono::microseconds no_time{0};

std::string described(const MemoryState& memory) { return "[Memory(location=" + memory.store->place() + ")]: "; }

// "~" stays: it is another folder elsewhere, as whoever wrote it wants.
std::string absolute_location(const std::string& location) {
    return location.starts_with('~') ? location : std::filesystem::absolute(location).string();
}

// In joblib's words: square(a, b)
std::string signature_text(const std::string& name, const std::vector<std::string>& arguments) {
    std::string text = name + "(";
    for (std::size_t i = 0; i < arguments.size(); ++i) text += (i > 0 ? ", " : "") + arguments[i];
    return text + ")";
}

}  // namespace

Memory::Memory(std::optional<std::filesystem::path> location, const MemoryOptions& options)
    : state_(detail::make_memory(location, options)) {}

void Memory::clear() const {
    if (!state_->store) return;
    if (state_->options.verbose > 0) state_->warn(described(*state_) + "Flushing completely the cache");
    state_->store->clear();
}

std::uint64_t Memory::reduce_size(const ReduceOptions& limits) const {
    if (!state_->store) return 0;
    const auto told = [&](const EntryInfo& entry) {
        if (state_->options.verbose > 10) state_->output("Deleting item " + state_->store->place_of(entry.id));
    };
    const Reduced reduced = reduce_store(*state_->store, limits, Leave::all_that_fits, told);
    state_->removed += reduced.removed;
    if (reduced.left.items + reduced.removed > 0) state_->store->set_usage(reduced.left);
    return reduced.removed;
}

std::vector<EntryInfo> Memory::entries() const {
    std::vector<EntryInfo> found;
    if (state_->store) state_->store->list([&](const EntryInfo& entry) { found.push_back(entry); });
    std::ranges::sort(found, {}, &EntryInfo::id);
    return found;
}

bool Memory::remove(const EntryId& id) const { return state_->store && state_->store->remove(id); }

bool Memory::pin(const EntryId& id, Pinned pinned) const { return state_->store && state_->store->pin(id, pinned); }

MemoryStatistics Memory::statistics() const {
    const MemoryState& state = *state_;
    return {.hits = state.hits,
            .misses = state.misses,
            .waits = state.waits,
            .failures = state.failures,
            .removed = state.removed,
            .bytes_written = state.bytes_written,
            .seconds_computing = static_cast<double>(state.computing_ns) * 1e-9,
            .seconds_saved = static_cast<double>(state.saved_ns) * 1e-9};
}

std::shared_ptr<StoreBackend> Memory::store() const noexcept { return state_->store; }

namespace detail {

std::shared_ptr<MemoryState> make_memory(const std::optional<std::filesystem::path>& location,
                                         const MemoryOptions& options) {
    if (options.age_limit && *options.age_limit < no_time)
        throw Error(ErrorCode::usage, "age_limit has to be a positive timedelta");
    auto memory = std::make_shared<MemoryState>();
    memory->options = options;
    if (!location) return memory;
    memory->location = location->string();
    memory->store = open_store(options.backend, {memory->location, options.backend_options});
    const auto kind = options.compress.kind();
    const bool compressed =
        kind != Compress::Kind::unset && !(kind == Compress::Kind::level && options.compress.level() == 0);
    if (options.mmap_mode && compressed) memory->warn("Compressed results cannot be memmapped");
    if (reference_to(*memory).backend == "local" && is_doubtful(memory->store->place()))
        memory->warn(described(*memory) +
                     "another user owns this folder and everybody may write to it: results may be "
                     "loaded that are not of this program");
    return memory;
}

FunctionState make_function(std::shared_ptr<MemoryState> memory, std::string name, std::string signature,
                            CacheOptions options, const std::vector<ParameterKind>& parameters) {
    if (name.empty()) throw Error(ErrorCode::usage, "a cached function needs a name");
    std::vector<std::string> names = options.arg_names;
    if (names.size() > parameters.size())
        throw Error(ErrorCode::usage, std::to_string(names.size()) + " names of arguments are given for " + name +
                                          ", which has " + std::to_string(parameters.size()));
    while (names.size() < parameters.size()) names.push_back("arg" + std::to_string(names.size()));
    std::vector<bool> ignored(parameters.size());
    for (const std::string& each : options.ignore) {
        const auto found = std::ranges::find(names, each);
        if (found == names.end())
            throw Error(ErrorCode::usage, "Ignore list: argument '" + each + "' is not defined for function " +
                                              signature_text(name, names));
        ignored[static_cast<std::size_t>(found - names.begin())] = true;
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (ignored[i] || (parameters[i].hashable && !parameters[i].changes)) continue;
        throw Error(
            ErrorCode::usage,
            "argument '" + names[i] + "' of " + signature_text(name, names) +
                (parameters[i].changes ? " is a reference that the function may write through, which a hit would not do"
                                       : " has a type that jl cannot hash") +
                ": name it in ignore");
    }
    return {std::move(memory), std::move(name), std::move(signature), std::move(options), std::move(ignored)};
}

void clear_function(const FunctionState& function) {
    const MemoryState& memory = *function.memory;
    if (!memory.store) return;
    if (function.options.verbose.value_or(memory.options.verbose) > 0)
        memory.warn("[MemorizedFunc(func=" + function.name + ", location=" + memory.store->place() +
                    ")]: Clearing function cache identified by " + function.name);
    memory.store->remove_function(function.name);
}

bool remove_result(const FunctionState& function, const EntryId& id) {
    return function.memory->store && function.memory->store->remove(id);
}

bool pin_result(const FunctionState& function, const EntryId& id, Pinned pinned) {
    return function.memory->store && function.memory->store->pin(id, pinned);
}

std::shared_ptr<StoreBackend> store_of(const MemoryState& memory) noexcept { return memory.store; }

// The store that has the results, where another is in front of it. A folder is the same one wherever it is read.
StoreReference reference_to(const MemoryState& memory) {
    StoreReference reference{memory.options.backend, memory.location, memory.options.backend_options};
    if (reference.backend == "memory") {
        const auto behind = reference.options.find("in_front_of");
        reference.backend = behind == reference.options.end() ? "local" : behind->second;
        for (const char* const own : {"in_front_of", "bytes", "recheck"}) reference.options.erase(own);
    }
    if (reference.backend == "local") reference.location = absolute_location(reference.location);
    return reference;
}

std::optional<std::string> name_of_mode(std::optional<MmapMode> mode) {
    if (!mode) return std::nullopt;
    return *mode == MmapMode::r ? "r" : *mode == MmapMode::c ? "c" : "r+";
}

std::optional<MmapMode> mode_named(const std::optional<std::string>& name) {
    if (!name) return std::nullopt;
    if (*name == "r") return MmapMode::r;
    if (*name == "c") return MmapMode::c;
    if (*name == "r+") return MmapMode::r_plus;
    throw Error(ErrorCode::format, "'" + *name + "' is no mmap_mode of a kept result");
}

void refuse_no_value() { throw Error(ErrorCode::missing, "No value stored."); }

}  // namespace detail

}  // namespace jl
