#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <jl/inspect.hpp>
#include <jl/npy.hpp>

#include "codec/zfile.hpp"
#include "graph/npy_array.hpp"
#include "io/part.hpp"
#include "persist/opened.hpp"
#include "persist/parse.hpp"
#include "pickle/machine.hpp"

namespace jl {

namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 20;

struct RecordFound {
    const char* format;
};

// Knows no class: it waits for the name of an array record's class, and ends the reading there.
class RecordWatch final : public Builder {
  public:
    int classify(std::string_view module, std::string_view name) override {
        constexpr std::string_view home = "joblib.numpy_pickle";  // vendored copies have a longer path
        if (!module.ends_with(home)) return 0;
        if (name == "NumpyArrayWrapper") throw RecordFound{"joblib"};
        if (name == "NDArrayWrapper" || name == "ZNDArrayWrapper") throw RecordFound{"joblib-0.9"};
        return 0;
    }
    bool reduce(Machine&, const ClassRef&, const Cell&, Cell&) override { return false; }
    bool build(Machine&, Cell&, const Cell&) override { return false; }
};

// Follows the footers from the last one to the first.
std::uint64_t count_containers(const std::shared_ptr<const RandomSource>& file) {
    std::uint64_t count = 0;
    try {
        for (std::uint64_t end = file->size(); end > 0; ++count) {
            const auto placed = find_container(Part(file, 0, end));
            if (!placed || placed->begin >= end) return 0;
            end = placed->begin;
        }
    } catch (const Error&) {
        return 0;
    }
    return count;
}

std::string format_of(Input& in, const Limits& limits) {
    if (const auto version = parse_preamble(in.peek(preamble_bytes)))
        return "jl " + std::to_string(version->major) + "." + std::to_string(version->minor);
    if (begins_npy(in.peek(npy_magic.size()))) return "npy";
    Document document(limits);
    RecordWatch watch;
    try {
        Machine(in, document, watch).run();
    } catch (const RecordFound& found) {
        return found.format;
    } catch (const Error&) {
        // a load will meet the same and tell it
    }
    return "pickle";
}

FileInfo inspect_file(const std::string& name, const InspectOptions& options) {
    const OpenedBytes opened = open_bytes(name);
    if (opened.codec == detail::zfile_codec()) return {"joblib-0.9", opened.codec->name};
    if (!opened.codec && is_archive(*opened.bytes)) return {"npz", "none"};
    if (!opened.codec) {
        Input in(*opened.bytes, 0, opened.bytes->size());
        FileInfo info{format_of(in, options.limits), "none"};
        if (info.format.starts_with("jl ")) info.containers = count_containers(opened.bytes);
        return info;
    }
    const auto content = decoded(*opened.bytes, *opened.codec, {options.n_threads, options.limits});
    Input in(*content);
    return {format_of(in, options.limits), opened.codec->name};
}

void decode_file(const std::string& name, Sink& to, const DecodeOptions& options) {
    const OpenedBytes opened = open_bytes(name);
    const auto content = opened.codec ? decoded(*opened.bytes, *opened.codec, {options.n_threads, options.limits})
                                      : std::make_unique<SequentialSource>(*opened.bytes, 0, opened.bytes->size());
    std::vector<std::byte> piece(piece_bytes);
    std::uint64_t done = 0;
    while (const std::size_t count = content->read(piece)) {
        to.write(std::span(piece).first(count));
        done += count;
        if (options.progress) options.progress({done, 0, false});
    }
    if (options.progress) options.progress({done, done, true});
}

}  // namespace

FileInfo inspect(const std::filesystem::path& path, const InspectOptions& options) {
    const std::string name = path.string();
    return in_file(name, [&] { return inspect_file(name, options); });
}

void decode(const std::filesystem::path& path, Sink& to, const DecodeOptions& options) {
    const std::string name = path.string();
    in_file(name, [&] { decode_file(name, to, options); });
}

}  // namespace jl
