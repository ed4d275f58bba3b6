#include <filesystem>
#include <unistd.h>

#include "jlunpack/array_text.hpp"
#include "jlunpack/find.hpp"
#include "jlunpack/listing.hpp"
#include "jlunpack/npy_file.hpp"
#include "jlunpack/verbs.hpp"
#include "shell/document.hpp"
#include "shell/output.hpp"
#include "shell/package.hpp"
#include "shell/printable.hpp"
#include "shell/scalar.hpp"

namespace jl::unpack {

namespace {

// A str as it is, for scripts; escaped where a terminal would obey it.
std::string text_of(const Value& value) {
    switch (value.kind()) {
        case Kind::text: {
            const std::string text(shell::characters(value));
            return shell::is_terminal(STDOUT_FILENO) ? shell::printable(text) : text;
        }
        case Kind::boolean:
        case Kind::integer:
        case Kind::real:
        case Kind::complex:
        case Kind::scalar:
            return shell::printable(value.number_text());
        case Kind::bytes:
            return shell::quoted_bytes(shell::characters(value), 4096);
        case Kind::array:
            return value.dtype().has_object() ? listing(value) : array_text(value);
        default:
            return listing(value);
    }
}

}  // namespace

int cat(const Request& request) {
    const bool to_file = !request.output.empty();
    shell::OpenOptions options{.program = "jlunpack",
                               .payloads = to_file ? shell::Payloads::checked : shell::Payloads::unread,
                               .n_threads = request.n_threads};

    if (to_file && request.output != "-") options.folder = shell::folder_of(request.output);
    const shell::Opened opened = shell::Objects(request.file, options).open(request.object.value_or(1));
    shell::emit_named(opened.name, [&] {
        const Value value = find(opened.root, request.path);
        if (to_file) return write_npy(value, request.path, request.output);
        shell::Output out(STDOUT_FILENO, "standard output");
        std::string text = text_of(value);
        if (text.empty() || text.back() != '\n') text += '\n';
        out.write(text);
        out.flush();
    });
    return 0;
}

}  // namespace jl::unpack
