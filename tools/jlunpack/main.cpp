#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "jlunpack/verbs.hpp"
#include "shell/number.hpp"
#include "shell/program.hpp"

namespace {

constexpr const char* examples = R"(Without a verb the contents are listed. FILE "-" is standard input.
PATH is as in the listing and the JSON: /weights, /layers/0, with %2F and %25 for '/' and '%' in a key.

Examples:
  jlunpack model.pkl.gz                          what is in it
  jlunpack model.pkl.gz --stats                  with min, max and mean of each array
  jlunpack model.pkl.gz --json | jq .root.kind
  jlunpack model.pkl --cat /weights              one value as text
  jlunpack model.pkl --cat /weights -o w.npy     one array as .npy
  jlunpack model.pkl.gz -o folder                every array as .npy, and folder/tree.json
  jlunpack model.pkl --verify                    every checksum
  jlunpack model.pkl --convert model.pkl.gz      another codec, by the new name or -c
  jlunpack log.pkl --object 3 --cat /loss        of the third object in a file of several

Exit status: 0 success (--verify: nothing wrong), 1 the data is wrong, 2 wrong usage, or unreadable.)";

struct CommandLine {
    jl::unpack::Request request;
    std::string codec, convert_to;
    bool json = false, verify = false, no_progress = false;
};

void declare(CLI::App& app, CommandLine& line) {
    auto& request = line.request;
    app.add_option("FILE", request.file, "a file of jl, joblib or pickle")->required();
    auto* json = app.add_flag("--json", line.json, "the tree as JSON");
    auto* cat =
        app.add_option("--cat", request.path, "one value: arrays as text, or with -o as .npy")->type_name("PATH");
    auto* verify = app.add_flag("--verify", line.verify, "compare every checksum");
    auto* convert =
        app.add_option("--convert", line.convert_to, "write the same value with another codec")->type_name("OUT");
    auto* output = app.add_option("-o,--output", request.output,
                                  "a folder for every array; with --cat a .npy file, or - for a pipe");
    output->type_name("DIR");
    auto* stats = app.add_flag("--stats", request.statistics, "the listing with min, max and mean of each array");
    stats->excludes(json)->excludes(cat)->excludes(verify)->excludes(convert)->excludes(output);
    app.add_option("-c,--codec", line.codec, "codec of --convert: none, gzip, zlib, …, blosc:lz4, …")
        ->type_name("CODEC[:LEVEL]")
        ->needs(convert);
    app.add_flag("--shuffle", request.shuffle, "shuffle the bytes of arrays before --convert compresses them")
        ->needs(convert);
    auto* object = app.add_option("--object", request.object,
                                  "which one, in a file of several; without it all are listed, and --json, --cat and "
                                  "-o take the first");
    object->type_name("N")->check(CLI::PositiveNumber)->excludes(verify);
    app.add_option("-j,--threads", request.n_threads, "threads; 0: all cores")->type_name("N");
    app.add_flag("--no-progress", line.no_progress, "no progress bar");
    app.add_flag("-q,--quiet", request.quiet, "nothing but errors");
    json->excludes(cat)->excludes(verify)->excludes(convert)->excludes(output);
    cat->excludes(verify)->excludes(convert);
    verify->excludes(convert)->excludes(output);
    convert->excludes(output);
    jl::shell::add_version(app);
    app.footer(examples);
}

int work(CLI::App& app, CommandLine& line) {
    using namespace jl::unpack;
    Request& request = line.request;
    request.progress = !line.no_progress && !request.quiet;
    request.compress = jl::shell::parse_codec(line.codec);
    if (line.json) return json(request);
    if (line.verify) return verify(request);
    if (app.count("--cat") > 0) return cat(request);
    if (app.count("--convert") > 0) {
        request.output = line.convert_to;
        return convert(request);
    }
    return app.count("--output") > 0 ? extract(request) : list(request);
}

}  // namespace

int main(int argc, char** argv) {
    return jl::shell::run("jlunpack", [&] {
        CLI::App app("Lists, checks, extracts and converts files of jl and joblib", "jlunpack");
        CommandLine line;
        declare(app, line);
        const auto ended = jl::shell::parse(app, argc, argv);
        return ended ? *ended : work(app, line);
    });
}
