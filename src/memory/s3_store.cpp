#if defined(JL_HAS_CURL) && defined(JL_HAS_CRYPTO)

#include "memory/s3_store.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <jl/error.hpp>

#include "memory/entry_name.hpp"
#include "memory/local_entry.hpp"
#include "memory/owned_bytes.hpp"
#include "memory/store_option.hpp"

namespace jl {
namespace {

constexpr std::uint64_t read_at_once = std::uint64_t{8} << 20;
constexpr std::uint64_t longest_metadata = std::uint64_t{1} << 20;
constexpr std::size_t most_recorded = 10'000;
constexpr std::chrono::hours stale_after{1};
constexpr const char* used_name = "/.used";
constexpr const char* name_name = "/.name";
constexpr std::size_t a_page = 1000;

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

S3Place place_from(const StoreOptions& options) {
    S3Place place = S3Place::from_url(options.location);
    while (place.key.ends_with('/')) place.key.pop_back();
    if (place.key.empty()) throw Error(ErrorCode::usage, "s3://bucket/prefix is expected").in_file(options.location);
    return place;
}

std::chrono::milliseconds record_every(const StoreOptions& options) {
    for (const auto& [name, value] : options.backend_options)
        if (name != "record_every")
            throw Error(ErrorCode::usage, "the store backend 's3' knows no option '" + name + "'");
    const auto found = options.backend_options.find("record_every");
    return found == options.backend_options.end() ? std::chrono::milliseconds(60'000)
                                                  : seconds_from("record_every", found->second);
}

// What an object of ours is called: "/square/0c71…/output.pkl", "/square/.name".
struct NameParts {
    std::string folder, arguments, file;  // "square", "0c71…", "/output.pkl"
};

std::optional<NameParts> parts_of(const std::string& name) {
    const std::size_t middle = name.find('/', 1), last = name.rfind('/');
    if (!name.starts_with('/') || middle == std::string_view::npos || middle == 1) return std::nullopt;
    NameParts parts{name.substr(1, middle - 1), {}, name.substr(last)};
    if (last == middle) return parts.file == name_name ? std::optional(parts) : std::nullopt;
    parts.arguments = name.substr(middle + 1, last - middle - 1);
    constexpr std::array files{output_name, metadata_name, used_name, pinned_name};
    const bool known = std::ranges::any_of(files, [&](const char* file) { return parts.file == file; });
    return known && is_entry_name(parts.arguments) ? std::optional(parts) : std::nullopt;
}

std::vector<std::string> names_below(const std::string& entry) {
    return {entry + output_name, entry + metadata_name, entry + used_name, entry + pinned_name};
}

}  // namespace

// The metadata last: who dies in between leaves an older time to a new output, not a new one to an old output.
class S3EntryWriter final : public EntryWriter {
  public:
    S3EntryWriter(S3Store& store, EntryId id)
        : store_(store),
          id_(std::move(id)),
          name_(S3Store::name_of(id_)),
          sink_(store.bucket_.place_of(name_ + output_name)) {}
    Sink& output() override { return sink_; }
    void commit(std::string_view metadata) override {
        store_.tell_name(id_.function);
        sink_.commit();
        store_.bucket_.put(name_ + metadata_name, bytes_of(metadata));
    }

  private:
    S3Store& store_;
    EntryId id_;
    std::string name_;
    S3Sink sink_;
};

// Objects in the order of their keys, put together to entries.
class S3Store::Walk {
  public:
    Walk(S3Store& store, const Visit& visit) : store_(store), visit_(visit) {}
    void see(const detail::S3Object& object) {
        const auto parts = parts_of(object.name);
        if (!parts) return;
        if (parts->folder != folder_ || parts->arguments != entry_.id.arguments) finish();
        if (parts->folder != folder_) begin_folder(parts->folder);
        if (parts->file == name_name) return read_name(object.name);
        entry_.id.arguments = parts->arguments;
        entry_.last_access = std::max<StoreTime>(entry_.last_access, object.modified);
        entry_.bytes += object.bytes;  // the other files are empty
        if (parts->file == pinned_name) entry_.pinned = true;
        if (parts->file == output_name) has_output_ = true;
    }
    // What a killed writer or remover left goes when it is old.
    void finish() {
        const EntryInfo entry = std::exchange(entry_, {{entry_.id.function, ""}});
        const bool has_output = std::exchange(has_output_, false);
        if (entry.id.arguments.empty()) return;
        if (has_output) return visit_(entry);
        if (std::chrono::system_clock::now() - entry.last_access < stale_after) return;
        store_.bucket_.remove(names_below("/" + folder_ + "/" + entry.id.arguments));
    }

  private:
    void begin_folder(const std::string& folder) {
        folder_ = folder;
        entry_.id.function = function_of_folder(folder).value_or(folder);
    }
    void read_name(const std::string& name) {
        const std::string told = store_.text_at(name);
        if (folder_of_function(told) == folder_) entry_.id.function = told;
    }

    S3Store& store_;
    const Visit& visit_;
    std::string folder_;
    EntryInfo entry_;
    bool has_output_ = false;
};

S3Store::S3Store(const StoreOptions& options) : bucket_(place_from(options)), record_every_(record_every(options)) {}

std::string S3Store::folder_of(std::string_view function) {
    if (function.empty()) throw Error(ErrorCode::usage, "a cached function needs a name");
    return "/" + folder_of_function(function);
}

std::string S3Store::name_of(const EntryId& id) {
    if (!is_entry_name(id.arguments))
        throw Error(ErrorCode::usage, "'" + id.arguments + "' is not the hash of arguments");
    return folder_of(id.function) + "/" + id.arguments;
}

std::string S3Store::place_of(const EntryId& id) const {
    return place() + (id.arguments.empty() ? folder_of(id.function) : name_of(id));
}

bool S3Store::contains(const EntryId& id) { return bucket_.contains(name_of(id) + output_name); }

std::string S3Store::metadata(const EntryId& id) { return text_at(name_of(id) + metadata_name); }

std::string S3Store::text_at(const std::string& name) const {
    const auto found = bucket_.get(name, longest_metadata);
    if (!found) return {};
    return {reinterpret_cast<const char*>(found->bytes.data()), found->bytes.size()};
}

std::optional<StoredOutput> S3Store::find(const EntryId& id, Use use) {
    const std::string name = name_of(id);
    auto content = bucket_.get(name + output_name, read_at_once);
    if (!content) return std::nullopt;
    StoredOutput found;
    try {
        if (content->too_long)
            found.source = std::make_shared<S3Source>(bucket_.place_of(name + output_name));
        else
            found.source = std::make_shared<OwnedBytes>(std::move(content->bytes));
    } catch (const Error& error) {
        if (error.code() == ErrorCode::missing) return std::nullopt;  // removed meanwhile
        throw;
    }
    found.metadata = text_at(name + metadata_name);
    if (use == Use::counts) record_use(id);
    return found;
}

// Each costs a request, so not every one is told.
void S3Store::record_use(const EntryId& id) {
    const auto now = Clock::now();
    {
        const std::lock_guard lock(mutex_);
        if (recorded_.size() >= most_recorded) recorded_.clear();
        const auto [place, is_new] = recorded_.try_emplace(id, now);
        if (!is_new && now - place->second < record_every_) return;
        place->second = now;
    }
    try {
        bucket_.put(name_of(id) + used_name, {});
    } catch (const Error&) {  // who may only read keeps no record
    }
}

// Where the name of the folder does not say it.
void S3Store::tell_name(const std::string& function) {
    const std::string folder = folder_of(function);
    if (function_of_folder(std::string_view(folder).substr(1))) return;
    {
        const std::lock_guard lock(mutex_);
        if (told_.contains(function)) return;
    }
    bucket_.put(folder + name_name, bytes_of(function));
    const std::lock_guard lock(mutex_);
    told_.insert(function);
}

std::unique_ptr<EntryWriter> S3Store::create(const EntryId& id) { return std::make_unique<S3EntryWriter>(*this, id); }

bool S3Store::remove(const EntryId& id) {
    if (!contains(id)) return false;
    bucket_.remove(names_below(name_of(id)));
    return true;
}

std::uint64_t S3Store::remove_all(std::span<const EntryId> ids) {
    std::vector<std::string> names;
    for (const EntryId& id : ids)
        for (std::string& name : names_below(name_of(id))) names.push_back(std::move(name));
    bucket_.remove(names);
    return ids.size();
}

void S3Store::remove_function(std::string_view function) { remove_below(folder_of(function) + "/"); }

void S3Store::clear() { remove_below("/"); }

// What others keep below the prefix stays.
void S3Store::remove_below(const std::string& beginning) {
    std::vector<std::string> names;
    const auto remove_some = [&] {
        bucket_.remove(names);
        names.clear();
    };
    bucket_.list(beginning, [&](const detail::S3Object& object) {
        if (parts_of(object.name)) names.push_back(object.name);
        if (names.size() == a_page) remove_some();
    });
    remove_some();
    const std::lock_guard lock(mutex_);
    told_.clear();
}

bool S3Store::pin(const EntryId& id, Pinned pinned) {
    if (!contains(id)) return false;
    const std::string name = name_of(id) + pinned_name;
    if (pinned == Pinned::yes)
        bucket_.put(name, {});
    else
        bucket_.remove(std::span(&name, 1));
    return true;
}

void S3Store::list(const Visit& visit) {
    Walk walk(*this, visit);
    bucket_.list("/", [&](const detail::S3Object& object) { walk.see(object); });
    walk.finish();
}

}  // namespace jl

#endif
