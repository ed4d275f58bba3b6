#include <jl/dump.hpp>

#include "codec/binding.hpp"
#include "io/file.hpp"
#include "persist/container_writer.hpp"
#include "persist/opened.hpp"

namespace jl::detail {

namespace {

// The name without a codec says nothing: streams are compressed only on request.
void write_container(const Writing& write, Sink& sink, const std::optional<CodecChoice>& choice,
                     const DumpOptions& options) {
    if (!choice) return ContainerWriter(sink, {false, options.n_threads, options.progress}).write(write);
    const auto encoder = encoded(sink, *choice, {options.n_threads, {}});
    ContainerWriter(*encoder, {true, options.n_threads, options.progress}).write(write);
    encoder->finish();
}

}  // namespace

void dump_to_path(const Writing& write, const std::filesystem::path& path, const DumpOptions& options) {
    const std::string name = path.string();
    in_file(name, [&] {
        const auto choice = choose(options.compress, name);
        AtomicFile file(name);
        write_container(write, file, choice, options);
        file.commit(options.sync ? AtomicFile::Sync::yes : AtomicFile::Sync::no);
    });
}

void dump_to_sink(const Writing& write, Sink& sink, const DumpOptions& options) {
    write_container(write, sink, choose(options.compress, ""), options);
}

void dump_to_stream(const Writing& write, std::ostream& stream, const DumpOptions& options) {
    StreamSink sink(stream);
    dump_to_sink(write, sink, options);
}

}  // namespace jl::detail
