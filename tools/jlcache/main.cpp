#include <CLI/CLI.hpp>

#include "jlcache/verbs.hpp"
#include "shell/program.hpp"

namespace {

constexpr const char* examples =
    R"(DIR is the location that a jl::Memory was given. ENTRY is FUNCTION, or FUNCTION/HASH as ls shows it.

Examples:
  jlcache ls cache                           every entry: size, last use, how long it took, its arguments
  jlcache stats cache                        sums of each function
  jlcache rm cache square                    every result of one function
  jlcache reduce cache --bytes 10G --age 30d what was not used for the longest time goes
  jlcache verify cache --remove              every checksum; damaged entries are removed

Exit status: 0 success (verify: nothing wrong), 1 the data is wrong, 2 wrong usage, or unreadable.)";

struct Verbs {
    CLI::App *ls, *stats, *rm, *reduce, *verify, *pin, *unpin;
};

CLI::App* add_verb(CLI::App& app, jl::cache::Request& request, const char* name, const char* purpose) {
    auto* verb = app.add_subcommand(name, purpose);
    verb->add_option("DIR", request.location, "the location of the cache")->required();
    verb->add_option("--backend", request.backend, "the kind of store")->type_name("NAME");
    return verb;
}

Verbs declare(CLI::App& app, jl::cache::Request& request) {
    const Verbs verbs{add_verb(app, request, "ls", "list the entries"),
                      add_verb(app, request, "stats", "sums of each function"),
                      add_verb(app, request, "rm", "remove entries"),
                      add_verb(app, request, "reduce", "remove what was not used for the longest time"),
                      add_verb(app, request, "verify", "compare every checksum"),
                      add_verb(app, request, "pin", "keep entries whatever the limits"),
                      add_verb(app, request, "unpin", "take that back")};
    for (CLI::App* const verb : {verbs.ls, verbs.stats, verbs.verify})
        verb->add_option("--function", request.function, "of this function alone")->type_name("NAME");
    for (CLI::App* const verb : {verbs.ls, verbs.stats}) verb->add_flag("--json", request.json, "as JSON");
    for (CLI::App* const verb : {verbs.rm, verbs.pin, verbs.unpin})
        verb->add_option("ENTRY", request.entries, "FUNCTION or FUNCTION/HASH")->required(verb != verbs.rm);
    for (CLI::App* const verb : {verbs.rm, verbs.reduce, verbs.verify, verbs.pin, verbs.unpin})
        verb->add_flag("-q,--quiet", request.quiet, "nothing but errors");
    verbs.rm->add_flag("--all", request.everything, "every entry of every function");
    verbs.reduce->add_option("--bytes", request.bytes_limit, "at most so much: 10G, 1.4M, a number")->type_name("SIZE");
    verbs.reduce->add_option("--items", request.items_limit, "at most so many entries")->type_name("N");
    verbs.reduce->add_option("--age", request.age_limit, "used within: 90s, 45m, 12h, 30d")->type_name("AGE");
    verbs.verify->add_flag("--remove", request.remove_damaged, "remove damaged entries");
    verbs.verify->add_option("-j,--threads", request.n_threads, "threads; 0: all cores")->type_name("N");
    app.require_subcommand(1);
    jl::shell::add_version(app);
    app.footer(examples);
    return verbs;
}

int work(const Verbs& verbs, const jl::cache::Request& request) {
    using namespace jl::cache;
    if (verbs.ls->parsed()) return ls(request);
    if (verbs.stats->parsed()) return stats(request);
    if (verbs.rm->parsed()) return rm(request);
    if (verbs.reduce->parsed()) return reduce(request);
    if (verbs.verify->parsed()) return verify(request);
    return pin(request, verbs.pin->parsed() ? jl::Pinned::yes : jl::Pinned::no);
}

}  // namespace

int main(int argc, char** argv) {
    return jl::shell::run("jlcache", [&] {
        CLI::App app("Looks into the caches of jl::Memory", "jlcache");
        jl::cache::Request request;
        const Verbs verbs = declare(app, request);
        const auto ended = jl::shell::parse(app, argc, argv);
        return ended ? *ended : work(verbs, request);
    });
}
