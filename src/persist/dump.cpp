#include <jl/dump.hpp>

#include "io/file.hpp"
#include "io/remote/url_parts.hpp"
#include "persist/append.hpp"
#include "persist/container_writer.hpp"
#include "persist/dump_choice.hpp"
#include "persist/opened.hpp"

namespace jl::detail {

namespace {

// The name without a codec says nothing: streams are compressed only on request.
void write_container(const Writing& write, Sink& sink, const DumpChoice& choice, const DumpOptions& options) {
    ContainerWriter::Options how{choice.stream.has_value(), options.n_threads, options.progress, choice.packer};
    if (!choice.stream) return ContainerWriter(sink, std::move(how)).write(write);
    const auto encoder = encoded(sink, *choice.stream, {options.n_threads, {}});
    ContainerWriter(*encoder, std::move(how)).write(write);
    encoder->finish();
}

// joblib reads for ever where something follows a compressed stream.
void refuse_compressed_append(const DumpChoice& choice) {
    if (!choice.stream) return;
    throw Error(ErrorCode::unsupported, "appending writes uncompressed objects, and " + choice.stream->codec->name +
                                            " is asked for, by the options or the file's ending");
}

void dump_to_url(const Writing& write, const std::string& url, const DumpOptions& options) {
    if (options.append)
        throw Error(ErrorCode::unsupported, "what a URL stands for is replaced as a whole: nothing is appended to it");
    const DumpChoice choice = choose_packing(options, name_in(url));
    const std::unique_ptr<CommittedSink> sink = create_url(url);
    write_container(write, *sink, choice, options);
    sink->commit();
}

}  // namespace

void dump_to_path(const Writing& write, const std::filesystem::path& path, const DumpOptions& options) {
    const std::string name = path.string();
    in_file(name, [&] {
        if (is_url(name)) return dump_to_url(write, name, options);
        const DumpChoice choice = choose_packing(options, name);
        if (options.append) {
            refuse_compressed_append(choice);
            return append_to_path(name, options, [&](Sink& sink) { write_container(write, sink, choice, options); });
        }
        AtomicFile file(name);
        write_container(write, file, choice, options);
        file.commit(options.sync ? AtomicFile::Sync::yes : AtomicFile::Sync::no);
    });
}

void dump_to_sink(const Writing& write, Sink& sink, const DumpOptions& options) {
    if (options.append)
        throw Error(ErrorCode::usage, "append is for paths: sinks and streams are written where they stand");
    write_container(write, sink, choose_packing(options, ""), options);
}

void dump_to_stream(const Writing& write, std::ostream& stream, const DumpOptions& options) {
    StreamSink sink(stream);
    dump_to_sink(write, sink, options);
}

}  // namespace jl::detail
