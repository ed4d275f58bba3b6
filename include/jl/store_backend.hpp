// Where Memory keeps its results: the interface of a store, and the table of those that exist.
//
//     class ShelfStore final : public jl::StoreBackend { … };
//     jl::register_store_backend("shelf", [](const jl::StoreOptions& o) { return std::make_shared<ShelfStore>(o); });
//     jl::Memory mem("shelf-7", {.backend = "shelf"});
//
// A store keeps entries: an output (a file of jl, any length) and its metadata (a short JSON text) under a function's
// name and the hash of its arguments. It knows nothing of types. Every member may be called by any number of threads
// and, where the store outlives a process, processes at once. Failures are Error{io}, naming the place without secrets;
// Memory then warns and computes. tests/contract/store_test.cpp holds each implementation against this page.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <jl/codec.hpp>
#include <jl/sink.hpp>
#include <jl/source.hpp>

namespace jl {

struct EntryId {
    std::string function;   // any text but the empty one, as the program named the function
    std::string arguments;  // 32 or more lower-case hexadecimal digits; anything else is Error{usage}
    friend auto operator<=>(const EntryId&,
                            const EntryId&) = default;  // NOLINT(modernize-use-nullptr): of its own making
};

using StoreTime = std::chrono::system_clock::time_point;

struct EntryInfo {
    EntryId id;
    std::uint64_t bytes = 0;  // of output and metadata
    StoreTime last_access = {};
    bool pinned = false;
};

// What is there in all, as far as the store knows without looking at every entry.
struct StoreUsage {
    std::uint64_t bytes = 0;
    std::uint64_t items = 0;
    StoreTime counted = {};  // when set_usage() told it last
};

// An entry that was found. When it is removed or replaced in the meantime, its source still gives this output, or is
// Error{io}: never a mixture.
struct StoredOutput {
    std::filesystem::path path = {};                  // where it is a file of this machine, for maps; empty: it is none
    std::shared_ptr<const RandomSource> source = {};  // the output; null: `path` has to be opened
    std::string metadata = {};                        // of this output or an older one; empty: it is lost
};

// An entry being written. Destruction without commit() leaves what was there before.
class EntryWriter {
  public:
    virtual ~EntryWriter() = default;
    virtual Sink& output() = 0;
    // Puts output and metadata in the place of the entry: readers see the old output or the new one, never a part of
    // it. Once; nothing is written afterwards.
    virtual void commit(std::string_view metadata) = 0;
};

// Held until destruction, or until the process dies.
class EntryLock {
  public:
    virtual ~EntryLock() = default;
};

enum class Pinned : std::uint8_t { no, yes };
enum class Use : std::uint8_t { silent, counts };

class StoreBackend {
  public:
    using Visit = std::function<void(const EntryInfo&)>;

    virtual ~StoreBackend() = default;
    // Where it is, for messages: "/tmp/cache/joblib", "redis://***@host/prefix". No secrets.
    virtual std::string place() const = 0;
    // The same of an entry, or of a function where id.arguments is empty.
    virtual std::string place_of(const EntryId& id) const;

    // No use of the entry: last_access stays as it is.
    virtual bool contains(const EntryId& id) = 0;
    virtual std::string metadata(const EntryId& id) = 0;  // empty: no entry, or it is lost
    // nullopt: no such entry. Use::counts: its last_access is now, in the store's own records.
    virtual std::optional<StoredOutput> find(const EntryId& id, Use use) = 0;
    virtual std::unique_ptr<EntryWriter> create(const EntryId& id) = 0;

    // False: it was not there. An entry that is being written may appear afterwards.
    virtual bool remove(const EntryId& id) = 0;
    // Many of them, for less than one by one where the store can; about how many were there.
    virtual std::uint64_t remove_all(std::span<const EntryId> ids);
    virtual void remove_function(std::string_view function) = 0;
    virtual void clear() = 0;  // every entry of every function
    // Pinned entries are not taken away by limits; remove() and clear() take them. False: no such entry.
    virtual bool pin(const EntryId& id, Pinned pinned) = 0;

    // Every entry, in any order; those that come or go meanwhile may be left out. `visit` may remove entries.
    virtual void list(const Visit& visit) = 0;

    // The right to compute an entry, so that others wait for it instead of computing it too: two holders never at once,
    // a dead holder's right ends with it. Null: `patience` was over (nullopt: for ever; zero: does not wait). Does not
    // lock the entry itself: all other members work as ever. By default others of this process only are kept waiting.
    virtual std::unique_ptr<EntryLock> lock(const EntryId& id, std::optional<std::chrono::milliseconds> patience);

    // For limits: what create() and remove() keep count of, cheaply, for all processes; set_usage() corrects it after
    // entries were listed. By default nothing is known, and Memory counts what its own process adds.
    virtual std::optional<StoreUsage> usage() { return std::nullopt; }
    virtual void set_usage(const StoreUsage& /*counted*/) {}
    // Takes away what killed writers left, where that is cheap. Called now and then.
    virtual void sweep() {}
};

struct StoreOptions {
    std::string location = {};                                // as Memory was given it
    std::map<std::string, std::string> backend_options = {};  // what else this kind of store wants to know
};

using StoreFactory = std::function<std::shared_ptr<StoreBackend>(const StoreOptions&)>;

// Adds a kind of store. Error{usage} for an empty name, for no factory, and for a name that is taken, unless `replace`
// is yes. Thread-safe.
void register_store_backend(const std::string& name, StoreFactory factory, Replace replace = Replace::no);

std::vector<std::string> store_backends();  // their names: "local", …

// Error{usage} for a name that is not known.
std::shared_ptr<StoreBackend> open_store(const std::string& backend, const StoreOptions& options);

}  // namespace jl
