#include "shell/document.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <jl/file.hpp>
#include <jl/url.hpp>
#include <jl/verify.hpp>

#include "shell/program.hpp"

namespace jl::shell {
namespace {

std::string folder_or_usual(const std::string& folder) {
    return folder.empty() ? TemporaryFile::usual_folder() : folder;
}

void copy_all(int from, const std::string& name, Sink& to) {
    std::vector<std::byte> piece(std::size_t{1} << 20);
    while (true) {
        const ssize_t count = ::read(from, piece.data(), piece.size());
        if (count == 0) return;
        if (count < 0 && errno != EINTR) throw_system(name, "read");
        if (count > 0) to.write(std::span(piece).first(static_cast<std::size_t>(count)));
    }
}

void copy_all(Source& from, Sink& to) {
    std::vector<std::byte> piece(std::size_t{1} << 20);
    while (const std::size_t count = from.read(piece)) to.write(std::span(piece).first(count));
}

bool is_pipe(const std::string& path) {
    struct stat facts {};
    return ::stat(path.c_str(), &facts) == 0 &&
           (S_ISFIFO(facts.st_mode) || S_ISSOCK(facts.st_mode) || S_ISCHR(facts.st_mode));
}

constexpr const char* lost_end = "its end is lost, and the checksums with it: what is left was taken as it is";
constexpr const char* stale = "it is being modified in place, or was not closed: its arrays were taken as they are";

// What a user has to know about a file whose checksums could not be compared; empty for a sound one.
std::string check(const std::string& path, const FileInfo& info, const OpenOptions& options) {
    if (!info.format.starts_with("jl ")) return {};
    if (info.containers == 0) return lost_end;
    const VerifyReport report = verify(path, {.n_threads = options.n_threads, .progress = options.progress});
    if (!report.ok()) throw report.problems().front();
    return report.modified_in_place() ? stale : "";
}

// Maps are not compared with checksums: that is done before.
Value load_plain(const std::string& path, const FileInfo& info, const OpenOptions& options, const std::string& name) {
    if (options.payloads == Payloads::checked) {
        const std::string warning = check(path, info, options);
        if (!warning.empty()) complain(options.program, name + ": warning: " + warning);
    }
    return load(path, {.mmap_mode = MmapMode::r, .mmap_fallback = Fallback::on_demand, .n_threads = options.n_threads});
}

// From a URL only what is looked at is brought, as far as server, form and codec know ranges; false where they do not.
bool load_by_range(Opened& opened, const std::string& url, const OpenOptions& options) {
    if (!is_url(url) || options.payloads != Payloads::unread) return false;
    try {
        opened.info = inspect(url, {.n_threads = 1});  // which decode nothing ahead
        if (opened.info.format == "npz") return false;
        if (opened.info.codec != "none") (void)File(url);  // has a table of its blocks
        opened.root =
            load(url, {.mmap_mode = MmapMode::r, .mmap_fallback = Fallback::on_demand, .n_threads = options.n_threads});
    } catch (const Error& error) {
        if (error.code() != ErrorCode::unsupported) throw;
        return false;
    }
    return true;
}

// The files of joblib 0.9 have companions beside them: they are loaded where they are. A .npz cannot be mapped.
void load_into(Opened& opened, const std::string& path, const OpenOptions& options) {
    opened.info = inspect(path, {.n_threads = options.n_threads});
    if (opened.info.format == "joblib-0.9" || opened.info.format == "npz") {
        opened.root = load(path, {.n_threads = options.n_threads, .progress = options.progress});
    } else if (opened.info.codec == "none") {
        opened.root = load_plain(path, opened.info, options, opened.name);
    } else {
        TemporaryFile decoded(folder_or_usual(options.folder));
        decode(path, decoded.sink(), {.n_threads = options.n_threads, .progress = options.progress});
        const FileInfo content = inspect(decoded.path());
        opened.info.containers = content.containers;
        opened.root = load_plain(decoded.path(), content, options, opened.name);
    }
}

}  // namespace

std::string name_of_input(const std::string& path) { return path == "-" ? "standard input" : shown_url(path); }

void with_name(const std::string& name, const std::function<void()>& work) {
    try {
        work();
    } catch (const Error& error) {
        if (!error.file().starts_with("/proc/self/fd/")) throw;
        Error renamed(error.code(), error.detail());
        if (error.offset()) renamed.at_byte(*error.offset());
        if (!error.path().empty()) renamed.at_path(error.path());
        throw renamed.in_file(name);
    }
}

std::string regular_path(const std::string& path, const std::string& folder, std::unique_ptr<TemporaryFile>& keep) {
    if (is_url(path)) {
        keep = std::make_unique<TemporaryFile>(folder_or_usual(folder));
        copy_all(*stream_url(path), keep->sink());
        return keep->path();
    }
    if (path != "-" && !is_pipe(path)) return path;
    const int descriptor = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) throw_system(path, "open");
    if (is_terminal(descriptor))
        throw Error(ErrorCode::usage, "is a terminal: a file or a pipe is needed").in_file(name_of_input(path));
    keep = std::make_unique<TemporaryFile>(folder_or_usual(folder));
    copy_all(descriptor, name_of_input(path), keep->sink());
    if (descriptor != STDIN_FILENO) ::close(descriptor);
    return keep->path();
}

Opened open_document(const std::string& path, const OpenOptions& options) {
    Opened opened{name_of_input(path), {}, {}};
    if (load_by_range(opened, path, options)) return opened;
    std::unique_ptr<TemporaryFile> spooled;
    const std::string regular = regular_path(path, options.folder, spooled);
    with_name(opened.name, [&] { load_into(opened, regular, options); });
    return opened;
}

}  // namespace jl::shell
