// Entries as objects of an S3-compatible store, for many machines, laid out as LocalStore's files:
//
//     jl::Memory mem("s3://bucket/features", {.backend = "s3"});
//
//     <prefix>/<function>/<hash>/output.pkl       what jl::S3Sink writes; joblib.load reads it
//     <prefix>/<function>/<hash>/metadata.json
//     <prefix>/<function>/<hash>/.used            empty: its time, by the store's clock, is the last use
//     <prefix>/<function>/<hash>/.pinned          of a pinned entry
//     <prefix>/<function>/.name                   of a folder whose name does not tell the function's
//
// An entry is there when its output is. Outputs of up to 8 MiB come whole with the request that finds them; a longer
// one is read by ranges, which is Error{io} once it was replaced or removed. Who computes an entry is known to one
// process alone. S3 counts nothing, so usage() is not known, and last uses are exact to the second.
#pragma once

#if defined(JL_HAS_CURL) && defined(JL_HAS_CRYPTO)

#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <jl/store_backend.hpp>

#include "io/remote/s3_bucket.hpp"

namespace jl {

class S3Store final : public StoreBackend {
  public:
    // The option "record_every": seconds for which a use is not told again; 60. Error{usage} for other options, and for
    // a location that is no s3://bucket/prefix. Connects when it is first needed.
    explicit S3Store(const StoreOptions& options);

    std::string place() const override { return bucket_.shown(); }
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

  private:
    friend class S3EntryWriter;
    class Walk;
    using Clock = std::chrono::steady_clock;

    static std::string folder_of(std::string_view function);  // "/square"; Error{usage} for a name that is none
    static std::string name_of(const EntryId& id);            // "/square/0c71…"
    std::string text_at(const std::string& name) const;       // "" where it is not there, or not short
    void tell_name(const std::string& function);
    void record_use(const EntryId& id);
    void remove_below(const std::string& beginning);

    detail::S3Bucket bucket_;
    std::chrono::milliseconds record_every_;
    std::mutex mutex_;  // guards all below
    std::map<EntryId, Clock::time_point> recorded_;
    std::set<std::string> told_;  // functions whose names were written
};

}  // namespace jl

#endif
