#include "memory/local_store.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jl/error.hpp>

#include "io/folder.hpp"
#include "io/system.hpp"
#include "io/target.hpp"
#include "memory/entry_name.hpp"
#include "memory/local_entry.hpp"
#include "memory/local_lock.hpp"

namespace jl {
namespace {

constexpr const char* gitignore = "# Created by jl automatically.\n*\n";

std::string expanded(const std::string& location) {
    const char* const home = std::getenv("HOME");
    const bool of_user = location == "~" || location.starts_with("~/");
    return of_user && home != nullptr ? home + location.substr(1) : location;
}

std::string root_below(const StoreOptions& options) {
    if (options.location.empty()) throw Error(ErrorCode::usage, "the location of a cache is empty");
    detail::require_file_name(options.location);
    if (!options.backend_options.empty())
        throw Error(ErrorCode::usage,
                    "the store backend 'local' knows no option '" + options.backend_options.begin()->first + "'");
    std::string location = expanded(options.location);
    while (location.size() > 1 && location.ends_with('/')) location.pop_back();
    return location + (location == "/" ? "joblib" : "/joblib");
}

// True: it was not there before.
bool make_folder(const std::string& path) {
    if (::mkdir(path.c_str(), 0777) == 0) return true;
    if (errno != EEXIST) detail::fail_system(path, "create the folder", errno);
    return false;
}

void make_file(const std::string& path, std::string_view text) {
    const Descriptor fd(detail::open_retrying(path, O_WRONLY | O_CREAT | O_EXCL, 0666));
    if (fd) detail::write_all(fd.get(), std::as_bytes(std::span(text)), path);
}

enum class Whose : std::uint8_t { ours, anybody };

// Folders in `folder`, hidden ones left out; none where it is anybody's and must not be read.
void each_folder(const std::string& folder, Whose whose, const std::function<void(const std::string& name)>& use) {
    Folder directory(folder);
    if (!directory) {
        const bool skipped = errno == EACCES && whose == Whose::anybody;
        if (errno == ENOENT || errno == ENOTDIR || skipped) return;
        detail::fail_system(folder, "list the folder", errno);
    }
    std::vector<std::string> names;  // first all of them: `use` may take folders away
    while (const dirent* const each = directory.next())
        if (each->d_name[0] != '.' && (each->d_type == DT_DIR || each->d_type == DT_UNKNOWN))
            names.emplace_back(each->d_name);
    for (const std::string& name : names) use(name);
}

// Whether all that is in a function's folder is what jl and joblib make: entries, the function's name and code.
bool is_of_a_cache(const std::string& folder) {
    Folder directory(folder);
    if (!directory) return true;
    bool ours = true;
    while (const dirent* const each = directory.next()) {
        const std::string_view name = each->d_name;
        const bool known = name == "." || name == ".." || name == ".name" || name == "func_code.py";
        ours = ours && (known || is_entry_name(name));
    }
    return ours;
}

// With the hash of any algorithm below 255 characters.
std::string lock_name(const EntryId& id) { return id.arguments + "-" + folder_of_function(id.function); }

}  // namespace

LocalStore::LocalStore(const StoreOptions& options)
    : location_(expanded(options.location)),
      root_(root_below(options)),
      control_(root_ + "/.jl"),
      usage_(control_ + "/usage") {}

std::string LocalStore::folder_of(std::string_view function) const {
    if (function.empty()) throw Error(ErrorCode::usage, "a cached function needs a name");
    return root_ + "/" + folder_of_function(function);
}

std::string LocalStore::place_of(const EntryId& id) const {
    return id.arguments.empty() ? folder_of(id.function) : entry_folder(id);
}

std::string LocalStore::entry_folder(const EntryId& id) const {
    if (!is_entry_name(id.arguments))
        throw Error(ErrorCode::usage, "'" + id.arguments + "' is not the hash of arguments");
    return folder_of(id.function) + "/" + id.arguments;
}

void LocalStore::make_root() {
    if (has_root_) return;
    std::error_code reason;
    std::filesystem::create_directories(location_, reason);
    if (reason) detail::fail_system(location_, "create the folder", reason.value());
    const bool is_new = make_folder(root_);
    if (is_new) make_file(location_ + "/.gitignore", gitignore);
    if (make_folder(control_) && is_new) usage_.begin();
    make_folder(control_ + "/locks");
    has_root_ = true;
}

// Also where who made the folder was killed before it said whose it is.
void LocalStore::tell_name(const std::string& folder, std::string_view function) {
    if (function_of_folder(std::string_view(folder).substr(root_.size() + 1))) return;
    const std::string path = folder + "/.name";
    if (read_small_file(path) == function) return;
    AtomicFile name(without_special(path));
    name.write(std::as_bytes(std::span(function)));
    name.commit(AtomicFile::Sync::no);
}

std::optional<std::string> LocalStore::foreign_folder(const EntryId& id) const {
    const std::string& name = id.function;
    if (name.starts_with('.') || name.find_first_of(std::string_view("/\0", 2)) != std::string_view::npos)
        return std::nullopt;
    if (folder_of_function(name) == name) return std::nullopt;
    std::string folder = root_ + "/" + name + "/" + id.arguments;
    if (::access((folder + output_name).c_str(), F_OK) < 0) return std::nullopt;
    return folder;
}

std::string LocalStore::present_folder(const EntryId& id) const {
    std::string folder = entry_folder(id);
    if (::access((folder + output_name).c_str(), F_OK) == 0) return folder;
    return foreign_folder(id).value_or(folder);
}

bool LocalStore::contains(const EntryId& id) {
    return ::access((entry_folder(id) + output_name).c_str(), F_OK) == 0 || foreign_folder(id);
}

std::string LocalStore::metadata(const EntryId& id) { return read_small_file(present_folder(id) + metadata_name); }

std::optional<StoredOutput> LocalStore::find(const EntryId& id, Use use) {
    if (auto found = find_entry(entry_folder(id), use)) return found;
    const auto foreign = foreign_folder(id);
    return foreign ? find_entry(*foreign, use) : std::nullopt;
}

// What was made before may have been taken away by another process, or by hand: all is made anew then.
std::unique_ptr<EntryWriter> LocalStore::create(const EntryId& id) {
    const std::string folder = entry_folder(id);
    make_root();
    if (::mkdir(folder.c_str(), 0777) < 0) {
        if (errno == EEXIST) {
            remove_stale(folder);
        } else {
            has_root_ = false;
            make_root();
            make_folder(folder_of(id.function));
        }
        make_folder(folder);
    }
    tell_name(folder_of(id.function), id.function);
    return std::make_unique<WritingEntry>(folder, usage_);
}

bool LocalStore::remove(const EntryId& id) {
    const std::string folder = present_folder(id);
    const EntryFiles files = measure_entry(folder);
    const bool removed = remove_entry(folder);
    if (removed) usage_.add(-static_cast<std::int64_t>(files.bytes), -1);
    return removed;
}

// Counted once for all.
std::uint64_t LocalStore::remove_all(std::span<const EntryId> ids) {
    std::int64_t bytes = 0, removed = 0;
    const auto remove_some = [&] {
        for (const EntryId& id : ids) {
            const std::string folder = present_folder(id);
            const EntryFiles files = measure_entry(folder);
            if (remove_entry(folder)) bytes += static_cast<std::int64_t>(files.bytes), ++removed;
        }
    };
    try {
        remove_some();
    } catch (...) {
        usage_.add(-bytes, -removed);
        throw;
    }
    usage_.add(-bytes, -removed);
    return static_cast<std::uint64_t>(removed);
}

// Out of sight at once, in one step; then removed file by file. What is not of a cache stays where it is.
void LocalStore::throw_away(const std::string& folder) {
    if (!is_of_a_cache(folder)) return throw_away_entries(folder);
    std::string trash = detail::temporary_beside(control_ + "/trash");
    if (::rename(folder.c_str(), trash.c_str()) < 0) {
        if (errno == ENOENT && ::access(folder.c_str(), F_OK) < 0) return;
        return throw_away_entries(folder);
    }
    std::int64_t bytes = 0, items = 0;
    each_folder(trash, Whose::ours, [&](const std::string& name) {
        const EntryFiles files = measure_entry(trash + "/" + name);
        bytes += static_cast<std::int64_t>(files.bytes);
        items += files.has_output ? 1 : 0;
    });
    usage_.add(-bytes, -items);
    remove_tree(trash);  // what is left of it is swept later
}

// Of a folder that holds other things too, or cannot be moved.
void LocalStore::throw_away_entries(const std::string& folder) {
    std::int64_t bytes = 0, items = 0;
    each_folder(folder, Whose::ours, [&](const std::string& name) {
        if (!is_entry_name(name)) return;
        const EntryFiles files = measure_entry(folder + "/" + name);
        if (remove_entry(folder + "/" + name)) bytes += static_cast<std::int64_t>(files.bytes), ++items;
    });
    usage_.add(-bytes, -items);
    if (!is_of_a_cache(folder)) return;
    ::unlink((folder + "/.name").c_str());
    ::unlink((folder + "/func_code.py").c_str());
    ::rmdir(folder.c_str());
}

void LocalStore::remove_function(std::string_view function) { throw_away(folder_of(function)); }

void LocalStore::clear() {
    each_folder(root_, Whose::ours, [&](const std::string& name) { throw_away(root_ + "/" + name); });
}

bool LocalStore::pin(const EntryId& id, Pinned pinned) {
    if (!contains(id)) return false;
    const std::string path = present_folder(id) + pinned_name;
    const bool done = pinned == Pinned::yes
                          ? Descriptor(detail::open_retrying(path, O_WRONLY | O_CREAT, 0666)).get() >= 0
                          : ::unlink(path.c_str()) == 0 || errno == ENOENT;
    if (!done) detail::fail_system(path, "pin or unpin the entry", errno);
    return true;
}

void LocalStore::list(const Visit& visit) {
    each_folder(root_, Whose::ours, [&](const std::string& folder) {
        const std::string path = root_ + "/" + folder;
        const auto told = function_of_folder(folder);
        const std::string kept = told ? std::string() : read_small_file(path + "/.name");
        // Folders that joblib, or nobody, made have no name of ours: they are called what they are.
        const std::string function = told ? *told : folder_of_function(kept) == folder ? kept : folder;
        each_folder(path, Whose::anybody, [&](const std::string& arguments) {
            if (!is_entry_name(arguments)) return;
            const std::string entry = path + "/" + arguments;
            const EntryFiles files = measure_entry(entry);
            if (!files.has_output) return remove_stale(entry);
            visit({{function, arguments}, files.bytes, files.last_access, files.pinned});
        });
    });
}

std::unique_ptr<EntryLock> LocalStore::lock(const EntryId& id, std::optional<std::chrono::milliseconds> patience) {
    make_root();
    const std::string path = control_ + "/locks/" + lock_name(id);
    try {
        return lock_file(path, patience);
    } catch (const Error&) {
        if (::access((control_ + "/locks").c_str(), F_OK) == 0) throw;
    }
    has_root_ = false;
    make_root();
    return lock_file(path, patience);
}

// Where joblib made the cache, the folder is not there yet.
void LocalStore::set_usage(const StoreUsage& counted) {
    ::mkdir(control_.c_str(), 0777);
    usage_.set(counted);
}

void LocalStore::sweep() {
    for (const char* const folder : {"", "/locks"}) {
        Folder directory(control_ + folder);
        if (!directory) continue;
        while (const dirent* const each = directory.next()) {
            const std::string path = control_ + folder + "/" + each->d_name;
            if (std::string_view(each->d_name).starts_with(".trash.")) remove_tree(path);
            if (*folder != 0 && each->d_name[0] != '.') remove_free_lock(path);
        }
    }
}

}  // namespace jl
