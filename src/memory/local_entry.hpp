// The files of one entry of a local store: what they are called, found, written, measured and removed.
//
//     const auto found = find_entry(folder, Use::counts);      WritingEntry writer(folder, usage);  …
//     writer.commit(metadata);
//
// Failures are Error{io} with the file's name.
#pragma once

#include <optional>
#include <string>

#include <jl/store_backend.hpp>

#include "io/file.hpp"
#include "memory/local_usage.hpp"

namespace jl {

inline constexpr const char* output_name = "/output.pkl";
inline constexpr const char* metadata_name = "/metadata.json";
inline constexpr const char* pinned_name = "/.pinned";

struct EntryFiles {
    bool has_output = false;
    std::uint64_t bytes = 0;
    StoreTime last_access = {};
    bool pinned = false;
};

EntryFiles measure_entry(const std::string& folder);
std::optional<StoredOutput> find_entry(const std::string& folder, Use use);
std::string read_small_file(const std::string& path);  // empty where it is not there, or not small
// False: it had no output. Its folder goes too, unless others left files there that are not stale.
bool remove_entry(const std::string& folder);
// What writers left that were killed an hour ago or earlier, and the folder itself if nothing else is in it.
void remove_stale(const std::string& folder);
// Also takes away trees; what cannot be removed stays.
void remove_tree(const std::string& folder) noexcept;

// The same path. A link or a pipe that stands there is removed: it would be written through.
const std::string& without_special(const std::string& path);

class WritingEntry final : public EntryWriter {
  public:
    WritingEntry(const std::string& folder, const LocalUsage& usage);
    Sink& output() override { return file_; }
    void commit(std::string_view metadata) override;

  private:
    std::string folder_;
    const LocalUsage& usage_;
    AtomicFile file_;
};

}  // namespace jl
