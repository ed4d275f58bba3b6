// What a cached function tells of one call, without its types: the part of Memory that is no template.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <jl/detail/referred_store.hpp>
#include <jl/dump.hpp>
#include <jl/load.hpp>
#include <jl/memory_options.hpp>
#include <jl/store_backend.hpp>

namespace jl::detail {

struct MemoryState;  // what all functions of a Memory share

// One parameter as its type shows it.
struct ParameterKind {
    bool hashable;  // has a mapping
    bool changes;   // a reference that the function could write through
};

struct FunctionState {
    std::shared_ptr<MemoryState> memory;
    std::string name;
    std::string signature;  // of the types, as the compiler names them
    CacheOptions options;
    std::vector<bool> ignored = {};  // by parameter
};

// Error{usage} for an empty name, for names of arguments that do not fit, and for arguments that can be no part of a
// key.
FunctionState make_function(std::shared_ptr<MemoryState> memory, std::string name, std::string signature,
                            CacheOptions options, const std::vector<ParameterKind>& parameters);

struct CallParts {
    std::size_t arguments;  // that were given
    std::function<void(std::size_t index, Emitter& out)> argument;
    std::function<void(Emitter& out)> state;  // of the function object; empty: it has none
    std::function<void()> compute;            // makes the result
    Writing write;                            // tells the result
    std::function<Reading()> reading;         // where a result from the store goes
    std::function<void()> take_loaded;        // which then is the result: what was there stays until all is read
};

enum class CallMode : std::uint8_t { cached, forced, shelved };

struct CallReport {
    EntryId id = {};
    bool hit = false;
    bool stored = false;  // hit, or written: the store has it
    bool waited = false;  // for another call
    double seconds = 0;   // of the whole call
    CallMetadata metadata = {};
};

// After it the result is there, but for a hit of a shelved call. Throws what the function throws.
CallReport run_call(const FunctionState& function, const CallParts& call, CallMode mode);
std::optional<MmapMode> mode_of(const FunctionState& function);  // its own, or its Memory's
bool is_cached(const FunctionState& function, const CallParts& call);
EntryId entry_of(const FunctionState& function, const CallParts& call);
// Keeps a result that `write` tells as if it had been computed in `seconds`. Error{io}, {usage} without a store.
void insert_result(const FunctionState& function, const CallParts& call, double seconds);
void clear_function(const FunctionState& function);
bool remove_result(const FunctionState& function, const EntryId& id);
bool pin_result(const FunctionState& function, const EntryId& id, Pinned pinned);

// The store of a Memory, null where it has none.
std::shared_ptr<StoreBackend> store_of(const MemoryState& memory) noexcept;
StoreReference reference_to(const MemoryState& memory);
// Error{missing} and {format} in joblib's words.
void load_result(StoreBackend& store, const EntryId& id, const Reading& reading, std::optional<MmapMode> mmap_mode);

}  // namespace jl::detail
