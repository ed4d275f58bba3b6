// Outputs kept in the memory of this process, in front of another store: what was used last, up to a number of bytes.
//
//     jl::Memory mem("redis://cache:6379/features", {.backend = "memory",
//                    .backend_options = {{"in_front_of", "redis"}, {"bytes", "256M"}, {"recheck", "10"}}});
//
// An output comes into memory when it is found in the store behind; one that takes more than a quarter of the room
// does not. Found again within `recheck` seconds it is taken from memory without a
// word to the store behind; after that the store is asked once more, which learns of the use then. So what another
// process removes or replaces may be found for that long, and last uses are exact to that. Everything else is the
// store's behind.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <jl/store_backend.hpp>

namespace jl {

class FrontStore final : public StoreBackend {
  public:
    struct Limits {
        std::uint64_t bytes = std::uint64_t{64} << 20;  // of outputs and metadata
        std::chrono::milliseconds recheck{10'000};
    };
    FrontStore(std::shared_ptr<StoreBackend> behind, Limits limits);
    // Error{usage} for an option that neither it nor the store behind knows, or that is no number.
    static std::shared_ptr<FrontStore> open(const StoreOptions& options);

    std::string place() const override { return behind_->place(); }
    std::string place_of(const EntryId& id) const override { return behind_->place_of(id); }
    bool contains(const EntryId& id) override { return behind_->contains(id); }
    std::string metadata(const EntryId& id) override { return behind_->metadata(id); }
    std::optional<StoredOutput> find(const EntryId& id, Use use) override;
    std::unique_ptr<EntryWriter> create(const EntryId& id) override;
    bool remove(const EntryId& id) override;
    std::uint64_t remove_all(std::span<const EntryId> ids) override;
    void remove_function(std::string_view function) override;
    void clear() override;
    bool pin(const EntryId& id, Pinned pinned) override { return behind_->pin(id, pinned); }
    void list(const Visit& visit) override;
    std::unique_ptr<EntryLock> lock(const EntryId& id, std::optional<std::chrono::milliseconds> patience) override {
        return behind_->lock(id, patience);
    }
    std::optional<StoreUsage> usage() override { return behind_->usage(); }
    void set_usage(const StoreUsage& counted) override { behind_->set_usage(counted); }
    void sweep() override { behind_->sweep(); }

    std::uint64_t bytes_kept();

  private:
    using Clock = std::chrono::steady_clock;
    struct Kept {
        EntryId id;
        StoredOutput output;
        std::uint64_t bytes = 0;
        Clock::time_point checked = {};
        StoreTime last_access = {};
    };
    using Order = std::list<Kept>;  // used last first

    std::optional<StoredOutput> find_kept(const EntryId& id, Use use);
    void keep(const EntryId& id, StoredOutput& found, std::uint64_t change);
    void drop(Order::iterator kept);
    void drop_kept(const EntryId& id);
    void forget(const EntryId& id);
    template <class Which>
    void forget_if(Which which);

    const std::shared_ptr<StoreBackend> behind_;
    const Limits limits_;
    std::mutex mutex_;  // guards all below
    Order order_;
    std::map<EntryId, Order::iterator> places_;
    std::uint64_t bytes_ = 0;
    std::uint64_t changes_ = 0;  // removals and commits of this process: what was found before one is not kept

    friend class FrontWriter;
};

}  // namespace jl
