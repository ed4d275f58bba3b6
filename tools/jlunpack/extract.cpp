#include <filesystem>
#include <unistd.h>

#include "jlunpack/file_name.hpp"
#include "jlunpack/folder.hpp"
#include "jlunpack/npy_file.hpp"
#include "jlunpack/verbs.hpp"
#include "shell/document.hpp"
#include "shell/json_tree.hpp"
#include "shell/package.hpp"
#include "shell/printable.hpp"
#include "shell/traversal.hpp"

namespace jl::unpack {

namespace {

void write_array(const Folder& top, const Value& array, const std::vector<std::string>& name, const Take& told) {
    Folder folder(top.path());
    for (std::size_t i = 0; i + 1 < name.size(); ++i) folder = folder.inside(name[i]);
    NewFile file(folder, name.back(), folder.path() + "/" + name.back());
    put_npy(array, [&](std::span<const std::byte> bytes) {
        file.write(bytes);
        told(bytes);
    });
    file.commit();
}

void write_tree(const Folder& top, const shell::Tree& tree) {
    NewFile file(top, "tree.json", top.path() + "/tree.json");
    shell::Output out(file.descriptor(), top.path() + "/tree.json");
    shell::write_json_tree(out, tree);
    out.flush();
    file.commit();
}

// The folder itself or the nearest one above it that exists: nothing is made before the file has proven readable.
std::string existing_folder(const std::string& path) {
    std::filesystem::path folder = std::filesystem::absolute(path);
    while (folder.has_relative_path() && !std::filesystem::is_directory(folder)) folder = folder.parent_path();
    return folder.string();
}

std::string of_several(const shell::Opened& opened, const Request& request) {
    if (opened.objects == 1) return {};
    return ", of object " + std::to_string(request.object.value_or(1)) + " of " + std::to_string(opened.objects);
}

}  // namespace

int extract(const Request& request) {
    shell::OpenOptions options{.program = "jlunpack",
                               .payloads = shell::Payloads::checked,
                               .folder = existing_folder(request.output),
                               .n_threads = request.n_threads};
    if (request.progress) options.progress = progress_bar("reading");
    const shell::Opened opened = shell::Objects(request.file, options).open(request.object.value_or(1));
    const Folder top = Folder::create(request.output);
    Progress progress{.done = 0, .total = shell::payload_bytes(opened.root)};
    const ProgressCallback bar = request.progress ? progress_bar("extracting") : ProgressCallback();
    const Take told = [&](std::span<const std::byte> bytes) {
        progress.done += bytes.size();
        if (bar) bar(progress);
    };
    FileNames names;
    std::uint64_t count = 0;
    shell::emit_named(opened.name, [&] {
        shell::for_each_array(opened.root, [&](const Value& array, const std::string& path) {
            write_array(top, array, names.name_of(path), told);
            ++count;
        });
        write_tree(top, {.file = request.file, .info = opened.info, .root = opened.root});
    });
    progress.finished = true;
    if (bar) bar(progress);
    if (request.quiet) return 0;
    shell::Output out(STDOUT_FILENO, "standard output");
    out.write(shell::printable(request.output) + ": " + std::to_string(count) + (count == 1 ? " array" : " arrays") +
              " and tree.json" + of_several(opened, request) + "\n");
    out.flush();
    return 0;
}

}  // namespace jl::unpack
