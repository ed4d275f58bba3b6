#include <CLI/CLI.hpp>
#include <exception>
#include <filesystem>
#include <unistd.h>
#include <unordered_set>

#include <jl/error.hpp>

#include "jlpack/input.hpp"
#include "shell/document.hpp"
#include "shell/number.hpp"
#include "shell/output.hpp"
#include "shell/package.hpp"
#include "shell/printable.hpp"
#include "shell/program.hpp"

namespace {

using namespace jl;

constexpr const char* examples =
    R"(One INPUT without a name becomes the value itself; several, or named ones, a dict by name (a file's name without
its ending otherwise). Inputs: .npy, .npz, .csv, .json, .txt, raw binary with --dtype, other .pkl files; "-" is
standard input. OUT "-" is standard output. A file whose name holds '=' is given as ./a=b.npy.

Examples:
  jlpack weights.pkl weights.npy                    one array
  jlpack model.pkl.gz w=weights.npy names=names.json a dict with the keys w and names
  jlpack data.pkl -c gzip:9 -j 4 arrays.npz         codec and level, threads
  jlpack field.pkl field.bin --dtype '<f4' --shape 100,-1
  curl -s https://example.org/x.npy | jlpack x.pkl -
  jlpack log.pkl --append step.json                 another container behind those of log.pkl

Exit status: 0 success, 1 the data is wrong, 2 wrong usage or an input/output error.)";

struct CommandLine {
    std::string out, codec, dtype, shape, format;
    std::vector<std::string> inputs;
    unsigned n_threads = 0;
    bool append = false, repair = false, shuffle = false, no_progress = false, quiet = false;
};

struct Named {
    std::string name;
    std::string path;
    bool named = false;
    std::unique_ptr<pack::Input> input = {};
};

void declare(CLI::App& app, CommandLine& line) {
    app.add_option("OUT", line.out, "the file to write; its ending tells the codec (.gz, .z, …)")->required();
    app.add_option("INPUT", line.inputs, "what goes in")->required()->type_name("[NAME=]INPUT");
    app.add_option("-c,--codec", line.codec, "none, gzip, zlib, …, blosc:lz4, …, with a level from 1 to 9")
        ->type_name("CODEC[:LEVEL]");
    app.add_flag("--shuffle", line.shuffle, "shuffle the bytes of arrays before they are compressed");
    app.add_option("-j,--threads", line.n_threads, "threads; 0: all cores")->type_name("N");
    auto* append = app.add_flag("--append", line.append, "add an object to an uncompressed file, made where absent");
    app.add_flag("--repair", line.repair, "--append: cut off an end that a killed program left")->needs(append);
    app.add_option("--dtype", line.dtype, "of raw binary inputs, as numpy spells it: <f8, >i2, |S10")
        ->type_name("DTYPE");
    app.add_option("--shape", line.shape, "of raw binary inputs: 100,200; one size may be -1")->type_name("SHAPE");
    app.add_option("-f,--format", line.format,
                   "what all inputs are, whatever their names: npy npz csv json txt raw pkl")
        ->type_name("FORMAT");
    app.add_flag("--no-progress", line.no_progress, "no progress bar");
    app.add_flag("-q,--quiet", line.quiet, "nothing but errors");
    shell::add_version(app);
    app.footer(examples);
}

// "w=x.npy" is named w; a '/' before the '=' belongs to a path.
Named split_input(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || text.find('/') < equals) return {pack::stem_of(text), text};
    if (equals == 0 || equals + 1 == text.size())
        throw Error(ErrorCode::usage, "'" + text + "': NAME=INPUT needs both");
    return {text.substr(0, equals), text.substr(equals + 1), true};
}

void check_usage(const CommandLine& line) {
    const auto refuse = [](const std::string& what) { throw Error(ErrorCode::usage, what); };
    const std::string format = pack::format_by_name(line.out);
    if (line.out != "-" && !format.empty() && format != "pkl" && format != "raw")
        refuse("OUT comes first, and '" + line.out + "' has the name of an input: nothing was written");
    if (line.append && line.out == "-") refuse("--append needs a file, not standard output");
    if (line.append && !line.codec.empty() && line.codec != "none")
        refuse("--append writes without a codec: leave -c out");
    if (line.append && line.shuffle) refuse("--append writes without a codec: leave --shuffle out");
    static const std::unordered_set<std::string> formats{"", "npy", "npz", "csv", "json", "txt", "raw", "pkl"};
    if (!formats.contains(line.format))
        refuse("--format " + line.format + ": npy, npz, csv, json, txt, raw or pkl is possible");
    if (!line.shape.empty() && line.dtype.empty()) refuse("--shape goes with --dtype");
}

std::vector<Named> split_inputs(const CommandLine& line) {
    std::vector<Named> inputs;
    std::unordered_set<std::string> names;
    bool stdin_taken = false;
    for (const std::string& text : line.inputs) {
        inputs.push_back(split_input(text));
        if (inputs.back().path == "-" && std::exchange(stdin_taken, true))
            throw Error(ErrorCode::usage, "standard input can be taken once");
        if (!names.insert(inputs.back().name).second)
            throw Error(ErrorCode::usage,
                        "two inputs have the name '" + inputs.back().name + "': NAME=INPUT gives another");
    }
    return inputs;
}

DType parse_dtype(const std::string& text) {
    try {
        DType dtype(text);
        if (dtype.itemsize() == 0 || dtype.has_object()) throw Error(ErrorCode::usage, "items of no fixed size");
        return dtype;
    } catch (const Error& error) {
        throw Error(ErrorCode::usage, "--dtype " + text + ": " + error.detail());
    }
}

pack::InputOptions input_options(const CommandLine& line, bool bars) {
    pack::InputOptions options{.format = line.format,
                               .folder = line.out == "-" ? std::string() : shell::folder_of(line.out),
                               .n_threads = line.n_threads};
    if (!line.dtype.empty()) options.dtype = parse_dtype(line.dtype);
    options.shape = shell::parse_shape(line.shape);
    if (bars) options.progress = progress_bar("reading");
    return options;
}

void emit_all(const std::vector<Named>& inputs, Emitter& out) {
    const auto emit_one = [&](const Named& each) {
        shell::emit_named(shell::name_of_input(each.path), [&] { each.input->emit(out); });
    };
    if (inputs.size() == 1 && !inputs[0].named) return emit_one(inputs[0]);
    out.begin(Container::dict, inputs.size());
    for (const Named& each : inputs) {
        out.text(each.name);
        emit_one(each);
    }
    out.end();
}

void tell(const CommandLine& line) {
    if (line.quiet || line.out == "-") return;
    std::error_code error;
    const auto size = std::filesystem::file_size(line.out, error);
    shell::Output out(STDOUT_FILENO, "standard output");
    out.write(shell::printable(shell::name_of_input(line.out)) + (error ? "" : ": " + shell::size_text(size)) + "\n");
    out.flush();
}

int work(const CommandLine& line) {
    check_usage(line);
    const Compress compress = shell::parse_codec(line.codec);
    std::vector<Named> inputs = split_inputs(line);
    const bool bars = !line.no_progress && !line.quiet;
    if (line.out == "-") shell::require_binary_output();
    const pack::InputOptions options = input_options(line, bars);
    std::uint64_t total = 0;
    for (Named& each : inputs) {
        each.input = pack::open_input(each.path, options);
        total += each.input->payload_bytes();
    }
    const shell::Package package{[&](Emitter& out) { emit_all(inputs, out); }};
    DumpOptions dump_options{.compress = compress, .shuffle = line.shuffle, .n_threads = line.n_threads};
    if (bars) dump_options.progress = shell::bar_with_total("writing", total);
    dump_options.append = line.append;
    if (line.repair) dump_options.torn_end = TornEnd::cut;
    shell::dump_package(package, line.out, dump_options);
    tell(line);
    return shell::success;
}

}  // namespace

int main(int argc, char** argv) {
    return jl::shell::run("jlpack", [&] {
        CLI::App app("Packs arrays, tables, texts and other files into one file of jl", "jlpack");
        CommandLine line;
        declare(app, line);
        const auto ended = jl::shell::parse(app, argc, argv);
        return ended ? *ended : work(line);
    });
}
