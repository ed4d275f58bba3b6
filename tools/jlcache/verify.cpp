#include <unistd.h>

#include <jl/load.hpp>
#include <jl/verify.hpp>

#include "jlcache/cache.hpp"
#include "shell/output.hpp"
#include "shell/printable.hpp"
#include "shell/program.hpp"

namespace jl::cache {

namespace {

// What is wrong with an entry; empty: nothing. nullopt: it was removed meanwhile.
std::optional<std::string> problem_of(StoreBackend& store, const EntryId& id, unsigned n_threads) {
    try {
        const auto found = store.find(id, Use::silent);
        if (!found) return std::nullopt;
        if (found->path.empty()) return jl::load(found->source, {.n_threads = n_threads}), std::string();
        const VerifyReport report = jl::verify(found->path, {.n_threads = n_threads});
        return report.ok() ? std::string() : report.problems().front().what();
    } catch (const Error& error) {
        return error.what();
    }
}

}  // namespace

int verify(const Request& request) {
    const auto store = open_cache(request);
    std::uint64_t checked = 0, damaged = 0;
    for (const EntryInfo& entry : entries_of(*store, request.function)) {
        const auto problem = problem_of(*store, entry.id, request.n_threads);
        if (!problem) continue;
        ++checked;
        if (problem->empty()) continue;
        ++damaged;
        shell::complain("jlcache", entry.id.function + "/" + entry.id.arguments + ": " + *problem);
        if (request.remove_damaged) store->remove(entry.id);
    }
    if (!request.quiet) {
        shell::Output out(STDOUT_FILENO, "standard output");
        out.write(std::to_string(checked) + (checked == 1 ? " entry" : " entries") + " checked, " +
                  std::to_string(damaged) + " damaged" +
                  (damaged > 0 && request.remove_damaged ? " and removed\n" : "\n"));
        out.flush();
    }
    return damaged > 0 ? shell::wrong_data : shell::success;
}

}  // namespace jl::cache
