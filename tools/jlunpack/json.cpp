#include <unistd.h>

#include "jlunpack/verbs.hpp"
#include "shell/document.hpp"
#include "shell/json_tree.hpp"

namespace jl::unpack {

int json(const Request& request) {
    const shell::Opened opened = shell::open_document(
        request.file, {.program = "jlunpack", .payloads = shell::Payloads::unread, .n_threads = request.n_threads});
    shell::Output out(STDOUT_FILENO, "standard output");
    shell::write_json_tree(out, {request.file, opened.info, opened.root});
    out.flush();
    return 0;
}

}  // namespace jl::unpack
