#include <unistd.h>

#include "jlunpack/torn.hpp"
#include "jlunpack/verbs.hpp"
#include "shell/document.hpp"
#include "shell/json_tree.hpp"
#include "shell/program.hpp"

namespace jl::unpack {

int json(const Request& request) {
    const shell::Objects objects(
        request.file, {.program = "jlunpack", .payloads = shell::Payloads::unread, .n_threads = request.n_threads});
    const std::uint64_t number = request.object.value_or(1);
    const shell::Opened opened = objects.open(number);
    shell::Output out(STDOUT_FILENO, "standard output");
    shell::write_json_tree(out, {request.file, opened.info, opened.root, number, objects.contents().objects});
    out.flush();
    return told_torn(objects) ? shell::wrong_data : shell::success;
}

}  // namespace jl::unpack
