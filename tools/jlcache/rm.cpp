#include <algorithm>
#include <filesystem>
#include <unistd.h>

#include <jl/error.hpp>

#include "jlcache/cache.hpp"
#include "shell/output.hpp"
#include "shell/printable.hpp"

namespace jl::cache {

namespace {

void say(const Request& request, const std::string& text) {
    if (request.quiet) return;
    shell::Output out(STDOUT_FILENO, "standard output");
    out.write(text + "\n");
    out.flush();
}

std::string counted(std::uint64_t entries) { return std::to_string(entries) + (entries == 1 ? " entry" : " entries"); }

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorCode::missing, "there is no entry " + what); }

// Those that an argument of the command line names; Error{missing} for none.
std::vector<EntryInfo> named(StoreBackend& store, const std::string& text) {
    const EntryId wanted = parse_entry(text);
    // Without looking at every entry, but where another program named its folder.
    if (!wanted.arguments.empty() && store.contains(wanted)) return {{wanted}};
    auto found = entries_of(store, wanted.function);
    std::erase_if(found, [&](const EntryInfo& each) {
        return !wanted.arguments.empty() && each.id.arguments != wanted.arguments;
    });
    if (found.empty()) refuse(text);
    return found;
}

// Any folder may be called joblib.
void require_sign(const Request& request, const StoreBackend& store) {
    if (request.backend != "local" || std::filesystem::exists(store.place() + "/.jl")) return;
    throw Error(ErrorCode::missing, "there is no cache here").in_file(request.location);
}

}  // namespace

int rm(const Request& request) {
    const auto store = open_cache(request);
    if (request.everything != request.entries.empty())
        throw Error(ErrorCode::usage, "what is to be removed: FUNCTION, FUNCTION/HASH, or --all alone");
    if (request.everything) {
        const std::size_t count = entries_of(*store, "").size();
        if (count == 0) require_sign(request, *store);
        store->clear();
        say(request, counted(count) + " removed");
        return 0;
    }
    std::vector<std::vector<EntryInfo>> all;  // before anything goes
    for (const std::string& text : request.entries) all.push_back(named(*store, text));
    std::uint64_t removed = 0;
    for (const auto& entries : all)
        for (const EntryInfo& entry : entries) removed += store->remove(entry.id) ? 1 : 0;
    say(request, counted(removed) + " removed");
    return 0;
}

int pin(const Request& request, Pinned pinned) {
    const auto store = open_cache(request);
    std::uint64_t count = 0;
    for (const std::string& text : request.entries)
        for (const EntryInfo& entry : named(*store, text)) count += store->pin(entry.id, pinned) ? 1 : 0;
    say(request, counted(count) + (pinned == Pinned::yes ? " pinned" : " unpinned"));
    return 0;
}

int reduce(const Request& request) {
    open_cache(request);
    ReduceOptions limits{.items_limit = request.items_limit};
    if (!request.bytes_limit.empty()) {
        const bool plain = request.bytes_limit.find_first_not_of("0123456789") == std::string::npos;
        limits.bytes_limit = ByteSize(request.bytes_limit + (plain ? "K" : ""));
        if (plain) limits.bytes_limit = ByteSize(limits.bytes_limit->bytes() / 1024);
    }
    if (!request.age_limit.empty()) limits.age_limit = parse_age(request.age_limit);
    if (!limits.bytes_limit && !limits.items_limit && !limits.age_limit)
        throw Error(ErrorCode::usage, "to which size: --bytes, --items or --age");
    const Memory memory(location_of(request), {.verbose = 0, .backend = request.backend});
    say(request, counted(memory.reduce_size(limits)) + " removed");
    return 0;
}

}  // namespace jl::cache
