#include <map>
#include <unistd.h>

#include "jlcache/cache.hpp"
#include "shell/output.hpp"
#include "shell/printable.hpp"

namespace jl::cache {

namespace {

struct Sum {
    std::uint64_t entries = 0, bytes = 0, pinned = 0;
    double seconds = 0;
    StoreTime last_access = {};

    void add(const EntryInfo& entry, double duration) {
        ++entries, bytes += entry.bytes, seconds += duration;
        if (entry.pinned) ++pinned;
        last_access = std::max(last_access, entry.last_access);
    }
};

std::string text_of(const std::string& name, const Sum& sum) {
    std::string text = name + ": " + std::to_string(sum.entries) + (sum.entries == 1 ? " entry, " : " entries, ");
    text += shell::size_text(sum.bytes) + ", " + duration_text(sum.seconds) + " of computing";
    if (sum.pinned > 0) text += ", " + std::to_string(sum.pinned) + " pinned";
    return text + (sum.entries > 0 ? ", last used " + time_text(sum.last_access) : "") + "\n";
}

std::string json_of(const Sum& sum) {
    return "\"entries\": " + std::to_string(sum.entries) + ", \"bytes\": " + std::to_string(sum.bytes) +
           ", \"pinned\": " + std::to_string(sum.pinned) + ", \"duration\": " + std::to_string(sum.seconds) + "}";
}

}  // namespace

int stats(const Request& request) {
    const auto store = open_cache(request);
    std::map<std::string, Sum> functions;
    Sum all;
    for (const EntryInfo& entry : entries_of(*store, request.function)) {
        const double duration = call_of(*store, entry.id).duration;
        functions[entry.id.function].add(entry, duration);
        all.add(entry, duration);
    }
    shell::Output out(STDOUT_FILENO, "standard output");
    std::string json = "{\"functions\": [";
    for (const auto& [name, sum] : functions) {
        if (!request.json) out.write(text_of(shell::printable(name), sum));
        json += json.ends_with('[') ? "{\"function\": " : ", {\"function\": ";
        shell::append_json(json, name);
        json += ", " + json_of(sum);
    }
    out.write(request.json ? json + "], " + json_of(all) + "\n" : text_of("all", all));
    out.flush();
    return 0;
}

}  // namespace jl::cache
