#include "shell/document.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <jl/file.hpp>
#include <jl/url.hpp>

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

// What a user has to know about a report on checksums; empty for a sound file. The first problem is thrown.
std::string warning_of(const VerifyReport& report) {
    if (!report.ok()) throw report.problems().front();
    return report.modified_in_place() ? stale : "";
}

void warn(const OpenOptions& options, const std::string& name, const std::string& warning) {
    if (!warning.empty()) complain(options.program, name + ": warning: " + warning);
}

LoadOptions left_in_file(const OpenOptions& options) {
    return {.mmap_mode = MmapMode::r, .mmap_fallback = Fallback::on_demand, .n_threads = options.n_threads};
}

// Maps are not compared with checksums: that is done before.
Value load_plain(const std::string& path, const FileInfo& info, const OpenOptions& options, const std::string& name) {
    const VerifyOptions verifying{.n_threads = options.n_threads, .progress = options.progress};
    if (options.payloads == Payloads::checked && info.format.starts_with("jl "))
        warn(options, name, info.containers == 0 ? lost_end : warning_of(verify(path, verifying)));
    return load(path, left_in_file(options));
}

bool is_one_container(const FileInfo& info) { return info.format.starts_with("jl ") && info.containers == 1; }
// Whether the objects are to be told apart; else the file is taken as a whole, and says itself what is wrong with it.
bool are_several(const Contents& contents) {
    return contents.objects.size() > 1 || (contents.objects.size() == 1 && contents.torn);
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

Objects::Objects(const std::string& path, OpenOptions options)
    : name_(name_of_input(path)), options_(std::move(options)), path_(path) {
    if (is_url(path) && options_.payloads == Payloads::unread && find_by_range(path)) return;
    path_ = regular_path(path, options_.folder, spooled_);
    with_name(name_, [&] { find_in_file(); });
}

void Objects::take(Contents contents) {
    if (are_several(contents)) contents_ = std::move(contents);
}

// From a URL only what is looked at is brought, as far as server, form and codec know ranges; false where they do not.
bool Objects::find_by_range(const std::string& url) {
    try {
        info_ = inspect(url, {.n_threads = 1});  // which decode nothing ahead
        if (info_.format == "npz") return false;
        if (info_.codec != "none")
            (void)File(url);  // has a table of its blocks
        else if (!is_one_container(info_))
            take(contents_of(url));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::unsupported) throw;
        return false;
    }
    return true;
}

void Objects::find_in_file() {
    info_ = inspect(path_, {.n_threads = options_.n_threads});
    if (info_.format == "joblib-0.9" || info_.format == "npz") return;
    if (info_.codec != "none") return find_decoded();
    if (!is_one_container(info_)) take(contents_of(path_));
}

// A file that does not decode as a whole may have something else behind a compressed object.
void Objects::find_decoded() {
    decoded_ = std::make_unique<TemporaryFile>(folder_or_usual(options_.folder));
    bool may_be_several = false;
    try {
        decode(path_, decoded_->sink(), {.n_threads = options_.n_threads, .progress = options_.progress});
        const FileInfo content = inspect(decoded_->path());
        info_.containers = content.containers;
        may_be_several = !is_one_container(content) && are_several(contents_of(decoded_->path()));
    } catch (const Error& error) {
        if (error.code() == ErrorCode::io || error.code() == ErrorCode::limit) throw;
        take(contents_of(path_));
        if (!several()) throw;
    }
    if (may_be_several) take(contents_of(path_));
    if (several()) decoded_.reset();
}

Opened Objects::open(std::uint64_t number) const {
    if (number == 0 || number > count())
        throw Error(ErrorCode::missing, "there is no object " + std::to_string(number) + ": the file holds " +
                                            (count() == 1 ? "one" : std::to_string(count())))
            .in_file(name_);
    Opened opened{name_, info_, {}, count()};
    with_name(name_, [&] {
        const std::string& path = decoded_ ? decoded_->path() : path_;
        if (several())
            opened = open_one_of(contents_.objects[static_cast<std::size_t>(number - 1)]);
        else if (info_.format == "joblib-0.9" || info_.format == "npz")
            opened.root = load(path_, {.n_threads = options_.n_threads, .progress = options_.progress});
        else if (is_url(path))
            opened.root = load(path, left_in_file(options_));
        else
            opened.root = load_plain(path, info_, options_, name_);
    });
    return opened;
}

// It is left where it lies, or decoded into a file of its own, and its arrays stay there until they are asked for.
Opened Objects::open_one_of(const ObjectInfo& object) const {
    std::optional<TemporaryFile> decoded;
    std::string path = path_;
    ObjectInfo place = object;
    if (object.codec != "none") {
        decoded.emplace(folder_or_usual(options_.folder));
        decode(path_, object, decoded->sink(), {.n_threads = options_.n_threads, .progress = options_.progress});
        path = decoded->path();
        place = {.nbytes = object.nbytes, .format = object.format, .codec = "none"};
    }
    if (options_.payloads == Payloads::checked) {
        if (contents_.torn) warn(options_, name_, contents_.torn->detail());
        const VerifyOptions verifying{.n_threads = options_.n_threads, .progress = options_.progress};
        if (object.format.starts_with("jl ")) warn(options_, name_, warning_of(verify(path, place, verifying)));
    }
    return {name_, {object.format, object.codec}, load(path, place, left_in_file(options_)), count()};
}

Opened open_document(const std::string& path, const OpenOptions& options) { return Objects(path, options).open(1); }

}  // namespace jl::shell
