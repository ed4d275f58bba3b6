#include <unistd.h>

#include "jlcache/cache.hpp"
#include "shell/output.hpp"
#include "shell/printable.hpp"

namespace jl::cache {

namespace {

constexpr std::size_t longest = 60;  // characters of the arguments

std::string arguments_text(const CallMetadata& call) {
    std::string text;
    for (const auto& [name, value] : call.input_args) text += (text.empty() ? "" : ", ") + name + "=" + value;
    text = shell::printable(text);
    if (text.size() <= longest) return text;
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end) + "…";
}

std::string line_of(const EntryInfo& entry, const CallMetadata& call) {
    std::string line = shell::printable(entry.id.function) + "/" + entry.id.arguments + "  ";
    line += shell::size_text(entry.bytes) + "  used " + time_text(entry.last_access) + "  took ";
    line += duration_text(call.duration) + (entry.pinned ? "  pinned" : "");
    if (!call.version.empty()) line += "  version " + shell::printable(call.version);
    return line + "  (" + arguments_text(call) + ")\n";
}

std::string seconds_text(std::chrono::system_clock::time_point time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
}

std::string json_of(const EntryInfo& entry, const CallMetadata& call) {
    std::string text = "{\"function\": ";
    shell::append_json(text, entry.id.function);
    text += ", \"hash\": \"" + entry.id.arguments + "\", \"bytes\": " + std::to_string(entry.bytes);
    text += ", \"last_access\": " + seconds_text(entry.last_access) + ", \"time\": " + seconds_text(call.time);
    text += ", \"duration\": " + std::to_string(call.duration) + ", \"version\": ";
    shell::append_json(text, call.version);
    text += std::string(", \"pinned\": ") + (entry.pinned ? "true" : "false") + ", \"input_args\": {";
    for (std::size_t i = 0; i < call.input_args.size(); ++i) {
        if (i > 0) text += ", ";
        shell::append_json(text, call.input_args[i].first);
        text += ": ";
        shell::append_json(text, call.input_args[i].second);
    }
    return text + "}}";
}

}  // namespace

int ls(const Request& request) {
    const auto store = open_cache(request);
    shell::Output out(STDOUT_FILENO, "standard output");
    const char* before = "[";
    for (const EntryInfo& entry : entries_of(*store, request.function)) {
        const CallMetadata call = call_of(*store, entry.id);
        if (request.json)
            out.write(before + json_of(entry, call));
        else
            out.write(line_of(entry, call));
        before = ",\n ";
    }
    if (request.json) out.write(*before == '[' ? "[]\n" : "]\n");
    out.flush();
    return 0;
}

}  // namespace jl::cache
