#include <filesystem>
#include <unistd.h>

#include <jl/dump.hpp>

#include "jlunpack/verbs.hpp"
#include "shell/document.hpp"
#include "shell/package.hpp"
#include "shell/program.hpp"

namespace jl::unpack {

int convert(const Request& request) {
    const bool to_pipe = request.output == "-";
    if (to_pipe) shell::require_binary_output();
    const std::string folder = to_pipe ? std::string() : shell::folder_of(request.output);
    shell::OpenOptions open{
        .program = "jlunpack", .payloads = shell::Payloads::checked, .folder = folder, .n_threads = request.n_threads};
    if (request.progress) open.progress = progress_bar("reading");
    const shell::Objects objects(request.file, open);
    if (objects.count() > 1 && !request.object)
        throw Error(ErrorCode::usage, "holds " + std::to_string(objects.count()) +
                                          " objects, one after the other; --convert takes one: name it with --object")
            .in_file(objects.name());
    const shell::Opened opened = objects.open(request.object.value_or(1));
    const shell::Package package{[&](Emitter& out) { shell::emit_from(opened.name, opened.root, out); }};
    shell::dump_package(
        package, request.output,
        {.compress = request.compress,
         .shuffle = request.shuffle,
         .n_threads = request.n_threads,
         .progress = request.progress ? shell::bar_with_total("writing", shell::payload_bytes(opened.root))
                                      : ProgressCallback()});
    return shell::success;
}

}  // namespace jl::unpack
