#include "jlcache/cache.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>

#include <jl/error.hpp>

#include "shell/number.hpp"

namespace jl::cache {

namespace {

namespace fs = std::filesystem;

bool is_hash(std::string_view text) {
    return text.size() >= 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string location_of(const Request& request) {
    if (request.backend != "local") return request.location;
    fs::path folder = request.location;
    if (!folder.has_filename()) folder = folder.parent_path();
    const bool is_the_inner_one = folder.filename() == "joblib" && !fs::is_directory(folder / "joblib");
    if (!is_the_inner_one) return request.location;
    return folder.has_parent_path() ? folder.parent_path().string() : ".";
}

std::shared_ptr<StoreBackend> open_cache(const Request& request) {
    auto store = open_store(request.backend, {location_of(request), {}});
    if (request.backend == "local" && !fs::is_directory(store->place()))
        throw Error(ErrorCode::missing, "there is no cache here").in_file(request.location);
    return store;
}

std::vector<EntryInfo> entries_of(StoreBackend& store, std::string_view function) {
    std::vector<EntryInfo> entries;
    store.list([&](const EntryInfo& entry) {
        if (function.empty() || entry.id.function == function) entries.push_back(entry);
    });
    std::sort(entries.begin(), entries.end(), [](const EntryInfo& a, const EntryInfo& b) { return a.id < b.id; });
    return entries;
}

CallMetadata call_of(StoreBackend& store, const EntryId& id) {
    return CallMetadata::from_json(store.metadata(id)).value_or(CallMetadata());
}

EntryId parse_entry(const std::string& text) {
    const auto slash = text.rfind('/');
    if (slash == std::string::npos || slash == 0 || !is_hash(std::string_view(text).substr(slash + 1)))
        return {text, ""};
    return {text.substr(0, slash), text.substr(slash + 1)};
}

std::string time_text(std::chrono::system_clock::time_point time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    char room[64] = "?";
    if (::localtime_r(&seconds, &parts) != nullptr) std::strftime(room, sizeof room, "%Y-%m-%d %H:%M:%S", &parts);
    return room;
}

std::string duration_text(double seconds) {
    char room[64];
    if (seconds < 1)
        std::snprintf(room, sizeof room, "%.1f ms", seconds * 1e3);
    else if (seconds < 600)
        std::snprintf(room, sizeof room, "%.1f s", seconds);
    else
        std::snprintf(room, sizeof room, "%.1f h", seconds / 3600);
    return room;
}

std::chrono::microseconds parse_age(const std::string& text) {
    double unit = 1;
    std::string number = text;
    const std::string_view units = "smhd";
    constexpr double seconds[] = {1, 60, 3600, 86400};
    if (const auto found = text.empty() ? std::string_view::npos : units.find(text.back());
        found != std::string_view::npos) {
        unit = seconds[found];
        number.pop_back();
    }
    const auto value = shell::parse_real(number);
    constexpr double longest = 9e9;
    if (!value || !(*value >= 0) || *value * unit > longest)
        throw Error(ErrorCode::usage,
                    "an age is a number of seconds, or of minutes, hours, days: 45m, 12h, 30d, not '" + text + "'");
    return std::chrono::microseconds(static_cast<std::int64_t>(*value * unit * 1e6));
}

}  // namespace jl::cache
