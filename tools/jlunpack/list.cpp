#include <unistd.h>

#include "jlunpack/listing.hpp"
#include "jlunpack/verbs.hpp"
#include "shell/document.hpp"
#include "shell/output.hpp"
#include "shell/printable.hpp"
#include "shell/traversal.hpp"

namespace jl::unpack {

int list(const Request& request) {
    const shell::Opened opened = shell::open_document(
        request.file, {.program = "jlunpack",
                       .payloads = request.statistics ? shell::Payloads::checked : shell::Payloads::unread,
                       .n_threads = request.n_threads});
    std::uint64_t arrays = 0, bytes = 0;
    shell::for_each_array(opened.root,
                          [&](const Value& array, const std::string&) { ++arrays, bytes += array.nbytes(); });
    std::string head = shell::printable(opened.name) + ": " + opened.info.format;
    if (opened.info.codec != "none") head += ", " + opened.info.codec;
    head += ", " + std::to_string(arrays) + (arrays == 1 ? " array" : " arrays");
    if (arrays > 0) head += " of " + shell::size_text(bytes);
    if (opened.info.containers > 1) head += ", the first of " + std::to_string(opened.info.containers) + " containers";
    if (opened.info.containers == 0) head += ", its end is lost";
    shell::Output out(STDOUT_FILENO, "standard output");
    out.write(head + "\n" + listing(opened.root, request.statistics ? Details::statistics : Details::none));
    out.flush();
    return 0;
}

}  // namespace jl::unpack
