#include "memory/front_store.hpp"

#include <vector>

#include <jl/byte_size.hpp>
#include <jl/error.hpp>

#include "memory/owned_bytes.hpp"
#include "memory/store_option.hpp"

namespace jl {

namespace {

// Takes an option away; nullopt where it is not given.
std::optional<std::string> taken(StoreOptions& options, const std::string& name) {
    const auto found = options.backend_options.extract(name);
    return found ? std::optional(found.mapped()) : std::nullopt;
}

}  // namespace

// Forgets what is in memory once the store behind has the new output.
class FrontWriter final : public EntryWriter {
  public:
    FrontWriter(FrontStore& store, EntryId id, std::unique_ptr<EntryWriter> writer)
        : store_(store), id_(std::move(id)), writer_(std::move(writer)) {}
    Sink& output() override { return writer_->output(); }
    void commit(std::string_view metadata) override {
        writer_->commit(metadata);
        store_.forget(id_);
    }

  private:
    FrontStore& store_;
    EntryId id_;
    std::unique_ptr<EntryWriter> writer_;
};

FrontStore::FrontStore(std::shared_ptr<StoreBackend> behind, Limits limits)
    : behind_(std::move(behind)), limits_(limits) {}

std::shared_ptr<FrontStore> FrontStore::open(const StoreOptions& options) {
    StoreOptions rest = options;
    const std::string behind = taken(rest, "in_front_of").value_or("local");
    Limits limits;
    if (const auto bytes = taken(rest, "bytes")) limits.bytes = ByteSize(*bytes).bytes();
    if (const auto recheck = taken(rest, "recheck")) limits.recheck = seconds_from("recheck", *recheck);
    return std::make_shared<FrontStore>(open_store(behind, rest), limits);
}

std::uint64_t FrontStore::bytes_kept() {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

std::optional<StoredOutput> FrontStore::find(const EntryId& id, Use use) {
    if (auto kept = find_kept(id, use)) return kept;
    std::uint64_t change = 0;
    {
        const std::lock_guard lock(mutex_);
        change = changes_;
    }
    auto found = behind_->find(id, use);
    if (found)
        keep(id, *found, change);
    else
        drop_kept(id);
    return found;
}

std::optional<StoredOutput> FrontStore::find_kept(const EntryId& id, Use use) {
    const std::lock_guard lock(mutex_);
    const auto place = places_.find(id);
    if (place == places_.end() || Clock::now() - place->second->checked >= limits_.recheck) return std::nullopt;
    Kept& kept = *place->second;
    if (use == Use::counts) {
        kept.last_access = std::chrono::system_clock::now();
        order_.splice(order_.begin(), order_, place->second);
    }
    return kept.output;
}

// `change`: how many there had been when the store was asked.
void FrontStore::keep(const EntryId& id, StoredOutput& found, std::uint64_t change) {
    if (!found.source || found.source->size() > limits_.bytes / 4) return drop_kept(id);
    if (found.source->view().size() != found.source->size()) {
        std::vector<std::byte> bytes(static_cast<std::size_t>(found.source->size()));
        found.source->read_at(0, bytes);
        found.source = std::make_shared<OwnedBytes>(std::move(bytes));
    }
    const std::lock_guard lock(mutex_);
    if (changes_ != change) return;
    if (const auto place = places_.find(id); place != places_.end()) drop(place->second);
    const std::uint64_t bytes = found.source->size() + found.metadata.size();
    order_.push_front({id, found, bytes, Clock::now(), {}});
    places_[id] = order_.begin();
    bytes_ += bytes;
    while (bytes_ > limits_.bytes) drop(std::prev(order_.end()));
}

void FrontStore::drop(Order::iterator kept) {
    bytes_ -= kept->bytes;
    places_.erase(kept->id);
    order_.erase(kept);
}

// What is no longer behind. Voids nothing that other threads are about to keep: they asked the store themselves.
void FrontStore::drop_kept(const EntryId& id) {
    const std::lock_guard lock(mutex_);
    if (const auto place = places_.find(id); place != places_.end()) drop(place->second);
}

void FrontStore::forget(const EntryId& id) {
    const std::lock_guard lock(mutex_);
    ++changes_;
    if (const auto place = places_.find(id); place != places_.end()) drop(place->second);
}

template <class Which>
void FrontStore::forget_if(Which which) {
    const std::lock_guard lock(mutex_);
    ++changes_;
    for (auto kept = order_.begin(); kept != order_.end();) {
        const auto next = std::next(kept);
        if (which(kept->id)) drop(kept);
        kept = next;
    }
}

std::unique_ptr<EntryWriter> FrontStore::create(const EntryId& id) {
    return std::make_unique<FrontWriter>(*this, id, behind_->create(id));
}

bool FrontStore::remove(const EntryId& id) {
    const bool removed = behind_->remove(id);
    forget(id);
    return removed;
}

std::uint64_t FrontStore::remove_all(std::span<const EntryId> ids) {
    const std::uint64_t removed = behind_->remove_all(ids);
    for (const EntryId& id : ids) forget(id);
    return removed;
}

void FrontStore::remove_function(std::string_view function) {
    behind_->remove_function(function);
    forget_if([&](const EntryId& each) { return each.function == function; });
}

void FrontStore::clear() {
    behind_->clear();
    forget_if([](const EntryId&) { return true; });
}

void FrontStore::list(const Visit& visit) {
    behind_->list([&](const EntryInfo& entry) {
        EntryInfo told = entry;
        {
            const std::lock_guard lock(mutex_);
            const auto place = places_.find(entry.id);
            if (place != places_.end()) told.last_access = std::max(told.last_access, place->second->last_access);
        }
        visit(told);
    });
}

}  // namespace jl
