// Entries as files of this machine, as joblib lays them out:
//
//     <location>/.gitignore
//     <location>/joblib/<function>/<hash>/output.pkl       readable by joblib.load
//     <location>/joblib/<function>/<hash>/metadata.json    its time of modification is the entry's last use
//     <location>/joblib/<function>/<hash>/.pinned          of a pinned entry
//     <location>/joblib/<function>/.name                   of a folder whose name does not tell the function's
//     <location>/joblib/.jl/locks, usage, trash-*          who computes, how much there is, what is being removed
//
// Nothing is made before the first entry is locked or written. A hit on a small output costs nine system calls.
#pragma once

#include <atomic>
#include <string>

#include <jl/store_backend.hpp>

#include "memory/local_usage.hpp"

namespace jl {

class LocalStore final : public StoreBackend {
  public:
    explicit LocalStore(const StoreOptions& options);  // Error{usage} for an empty location, and for options

    std::string place() const override { return root_; }
    std::string place_of(const EntryId& id) const override;
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
    std::optional<StoreUsage> usage() override { return usage_.read(); }
    void set_usage(const StoreUsage& counted) override;
    void sweep() override;

  private:
    std::string folder_of(std::string_view function) const;
    std::string entry_folder(const EntryId& id) const;
    // Where an entry lies in a folder that others made: list() calls such a function what its folder is called.
    std::optional<std::string> foreign_folder(const EntryId& id) const;
    std::string present_folder(const EntryId& id) const;  // the one of both that is there
    void make_root();
    void tell_name(const std::string& folder, std::string_view function);
    void throw_away(const std::string& folder);
    void throw_away_entries(const std::string& folder);

    std::string location_;
    std::string root_;
    std::string control_;
    LocalUsage usage_;
    std::atomic<bool> has_root_ = false;
};

}  // namespace jl
