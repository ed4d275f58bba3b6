#include "memory/call_messages.hpp"

#include <cstdio>

#include "memory/argument_text.hpp"

namespace jl::detail {
namespace {

constexpr std::size_t line_width = 80;

std::string filled_line(const std::string& text) {
    return std::string(text.size() < line_width ? line_width - text.size() : 0, '_') + text;
}

std::string own_name(const std::string& name) {
    const auto end = name.find_last_of(".:/");
    return end == std::string::npos || end + 1 == name.size() ? name : name.substr(end + 1);
}

}  // namespace

std::string time_text(double seconds) {
    char room[80];
    std::snprintf(room, sizeof room, "%.1fs, %.1fmin", seconds, seconds / 60);
    return room;
}

void MemoryState::output(const std::string& text) const {
    if (options.logger) return options.logger({MemoryMessage::Kind::output, text});
    const std::string line = text + '\n';
    std::fwrite(line.data(), 1, line.size(), stdout);
}

void MemoryState::warn(const std::string& text) const {
    if (options.logger) return options.logger({MemoryMessage::Kind::warning, text});
    const std::string line = text + '\n';
    std::fwrite(line.data(), 1, line.size(), stderr);
}

CallMessages::CallMessages(const FunctionState& function, const CallParts& call)
    : function_(function),
      call_(call),
      memory_(*function.memory),
      verbose_(function.options.verbose.value_or(function.memory->options.verbose)) {}

std::string CallMessages::argument(std::size_t index) const {
    try {
        return argument_text([&](Emitter& out) { call_.argument(index, out); });
    } catch (const Error&) {  // what cannot be told any other way either
        return "...";
    }
}

std::string CallMessages::call_text() const {
    std::string text = own_name(function_.name) + "(";
    std::size_t before = 0;
    for (std::size_t i = 0; i < call_.arguments; ++i) {
        std::string one = argument(i);
        if (before > line_width) one.insert(0, "\n");
        before = one.size();
        text += (i > 0 ? ", " : "") + one;
    }
    return text + ")";
}

std::string CallMessages::self() const {
    return "[MemorizedFunc(func=" + function_.name + ", location=" + memory_.store->place() + ")]: ";
}

void CallMessages::querying(const EntryId& id) const {
    if (verbose_ < 20) return;
    memory_.output(self() + "\nQuerying " + own_name(function_.name) + " with signature\n" + call_text() +
                   ".\n\n(argument hash " + id.arguments + ")\n\nThe store location is " +
                   memory_.store->place_of({id.function, ""}) + ".\n");
}

void CallMessages::loading(const EntryId& id, const CallMetadata& call) const {
    if (verbose_ <= 1) return;
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - memory_.made;
    std::string time = time_text(elapsed.count());
    time.resize(std::max<std::size_t>(time.size(), 16), ' ');
    std::string text = "[Memory]" + time + ": Loading " + own_name(function_.name);
    if (verbose_ < 10) {
        for (const auto& [name, value] : call.input_args)
            text += (&name == &call.input_args.front().first ? "(" : ", ") + name + "=" + value;
        text += call.input_args.empty() ? "..." : ")...";
    } else {
        text += " from " + memory_.store->place_of(id);
    }
    memory_.output(text);
}

void CallMessages::loaded(double seconds) const {
    if (verbose_ > 4) memory_.output(filled_line(own_name(function_.name) + " cache loaded - " + time_text(seconds)));
}

void CallMessages::cannot_load(const std::string& reason) const {
    memory_.warn(self() + "Exception while loading results for " + call_text() + "\n " + reason);
}

void CallMessages::computing(const EntryId& id) const {
    if (verbose_ <= 10) return;
    memory_.warn(self() + "Computing func " + own_name(function_.name) + ", argument hash " + id.arguments +
                 " in location " + memory_.store->place_of({id.function, ""}));
}

void CallMessages::calling() const {
    if (verbose_ <= 0) return;
    memory_.output(std::string(line_width, '_') + "\n[Memory] Calling " + function_.name + "...\n" + call_text());
}

void CallMessages::persisting(const EntryId& id) const {
    if (verbose_ > 10) memory_.output("Persisting in " + memory_.store->place_of(id));
}

void CallMessages::computed(double seconds) const {
    if (verbose_ > 0) memory_.output(filled_line(own_name(function_.name) + " - " + time_text(seconds)));
}

void CallMessages::cannot_hold_limits(const std::string& reason) const {
    if (memory_.limits_failed.exchange(true)) return;
    memory_.warn(self() + "The limits of the cache cannot be held: " + reason);
}

// joblib guesses at a race in making folders; ours knows the reason.
void CallMessages::cannot_keep(const std::string& reason) const {
    if (memory_.store_failed.exchange(true)) return;
    memory_.warn("Unable to cache to disk. Exception: " + reason + ".");
}

}  // namespace jl::detail
