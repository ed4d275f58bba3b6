#include "jlpack/input.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <jl/error.hpp>
#include <jl/inspect.hpp>
#include <jl/npy.hpp>

#include "shell/document.hpp"
#include "shell/package.hpp"

namespace jl::pack {
namespace {

constexpr std::array<std::string_view, 8> codec_endings = {".gz",   ".z",   ".bz2", ".xz",
                                                           ".lzma", ".lz4", ".zst", ".zlib"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> endings = {{{".npy", "npy"},
                                                                                    {".npz", "npz"},
                                                                                    {".csv", "csv"},
                                                                                    {".json", "json"},
                                                                                    {".txt", "txt"},
                                                                                    {".text", "txt"},
                                                                                    {".bin", "raw"},
                                                                                    {".raw", "raw"},
                                                                                    {".dat", "raw"},
                                                                                    {".pkl", "pkl"},
                                                                                    {".pickle", "pkl"},
                                                                                    {".joblib", "pkl"},
                                                                                    {".jl", "pkl"},
                                                                                    {".p", "pkl"}}};

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

bool take_ending(std::string& name, std::string_view ending) {
    if (!name.ends_with(ending) || name.size() == ending.size()) return false;
    name.resize(name.size() - ending.size());
    return true;
}

void take_codec_ending(std::string& name) {
    for (const std::string_view ending : codec_endings)
        if (take_ending(name, ending)) return;
}

// First bytes tell .npy, zip archives and pickles of protocol 2 and later.
std::string format_by_content(std::string_view content) {
    if (content.starts_with(npy_magic)) return "npy";
    if (content.starts_with("PK\3\4") || content.starts_with("PK\5\6")) return "npz";
    if (content.size() > 1 && content[0] == '\x80' && content[1] >= 2 && content[1] <= 5) return "pkl";
    return {};
}

[[noreturn]] void fail_unknown() {
    throw Error(ErrorCode::usage,
                "neither its name nor its first bytes tell what it holds: --format says so, or --dtype for raw binary");
}

std::unique_ptr<Input> open_mapped(const std::string& format, shell::MappedFile file, const InputOptions& options) {
    if (format == "npy") return open_npy(std::move(file));
    if (format == "npz") return open_npz(std::move(file));
    if (format == "csv") return open_csv(std::move(file));
    if (format == "json") return open_json(std::move(file));
    if (format == "txt") return open_text(std::move(file));
    if (format == "raw") return open_raw(std::move(file), options);
    fail_unknown();
}

// `given` is what the user wrote, `path` where the bytes are.
std::unique_ptr<Input> open_regular(const std::string& given, const std::string& path, const InputOptions& options) {
    std::string format = options.format.empty() ? format_by_name(given) : options.format;
    shell::MappedFile file(path);
    if (format.empty()) format = format_by_content(file.text());
    if (format.empty() && options.dtype) format = "raw";
    if (format == "pkl") return open_pickle(path, options);
    if (format == "raw") return open_raw(std::move(file), options);
    if (inspect(path, {.n_threads = options.n_threads}).codec == "none")
        return open_mapped(format, std::move(file), options);
    if (format.empty()) return open_pickle(path, options);
    shell::TemporaryFile decoded(options.folder.empty() ? shell::TemporaryFile::usual_folder() : options.folder);
    decode(path, decoded.sink(), {.n_threads = options.n_threads, .progress = options.progress});
    return open_mapped(format, shell::MappedFile(decoded.path()), options);
}

}  // namespace

std::string format_by_name(const std::string& path) {
    std::string name = file_name(path);
    take_codec_ending(name);
    for (const auto& [ending, format] : endings)
        if (name.ends_with(ending)) return std::string(format);
    return {};
}

std::string stem_of(const std::string& path) {
    if (path == "-") return "stdin";
    std::string name = file_name(path);
    take_codec_ending(name);
    for (const auto& [ending, format] : endings)
        if (take_ending(name, ending)) return name;
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos || dot == 0 ? name : name.substr(0, dot);
}

std::unique_ptr<Input> open_input(const std::string& given, const InputOptions& options) {
    const std::string name = shell::name_of_input(given);
    std::unique_ptr<Input> input;
    shell::emit_named(name, [&] {
        std::unique_ptr<shell::TemporaryFile> spooled;
        const std::string regular = shell::regular_path(given, options.folder, spooled);
        input = open_regular(given, regular, options);
    });
    return input;
}

}  // namespace jl::pack
