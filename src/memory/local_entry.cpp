#include "memory/local_entry.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <new>
#include <sys/stat.h>
#include <unistd.h>

#include <jl/error.hpp>

#include "io/folder.hpp"
#include "io/range.hpp"
#include "io/system.hpp"
#include "memory/owned_bytes.hpp"

namespace jl {
namespace {

constexpr std::uint64_t read_at_once = std::uint64_t{64} << 10;  // longer outputs are read when they are needed
constexpr int most_tries = 100;
constexpr std::uint64_t longest_metadata = std::uint64_t{1} << 20;
constexpr std::chrono::hours stale_after{1};

// A file may become shorter while it is read; what is there is what there is.
template <class Bytes>
void read_open(int fd, Bytes& bytes, const std::string& path) {
    std::size_t filled = 0;
    const auto room = std::as_writable_bytes(std::span(bytes));
    while (filled < room.size()) {
        const std::size_t count = detail::read_some_at(fd, filled, room.subspan(filled), path);
        if (count == 0) break;
        filled += count;
    }
    bytes.resize(filled);
}

StoreTime time_of(const struct stat& status) {
    const auto since = std::chrono::seconds(status.st_mtim.tv_sec) + std::chrono::nanoseconds(status.st_mtim.tv_nsec);
    return StoreTime(std::chrono::duration_cast<StoreTime::duration>(since));
}

bool is_there(const std::string& path, struct stat& status) { return ::stat(path.c_str(), &status) == 0; }

std::string metadata_at(const std::string& path, Use use) {
    std::string text(std::size_t{1} << 10, '\0');
    const Descriptor fd(detail::open_retrying(path, O_RDONLY | O_NONBLOCK));
    if (!fd) return {};
    try {
        read_open(fd.get(), text, path);
    } catch (const Error&) {  // a folder, a pipe
        return {};
    }
    if (use == Use::counts)
        ::futimens(fd.get(), nullptr);  // where others own the cache, or it is read-only: no record is kept
    if (text.size() < (std::size_t{1} << 10)) return text;
    return read_small_file(path);
}

// ".<name>.<pid>-<random>.tmp", and joblib's "output.pkl.<random>-<pid>-<thread>".
bool is_temporary(std::string_view name) {
    return (name.starts_with('.') && name.ends_with(".tmp")) ||
           (name.starts_with("output.pkl.") && name.size() > sizeof "output.pkl.");
}

bool is_stale(const std::string& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 && std::chrono::system_clock::now() - time_of(status) > stale_after;
}

}  // namespace

EntryFiles measure_entry(const std::string& folder) {
    EntryFiles files;
    struct stat status {};
    if (!is_there(folder + output_name, status)) return files;
    files.has_output = true;
    files.bytes = static_cast<std::uint64_t>(status.st_size);
    files.last_access = time_of(status);
    if (is_there(folder + metadata_name, status)) {
        files.bytes += static_cast<std::uint64_t>(status.st_size);
        files.last_access = time_of(status);
    }
    files.pinned = ::access((folder + pinned_name).c_str(), F_OK) == 0;
    return files;
}

namespace {

// An output that was opened: it can be read when others have replaced or removed it.
class OpenOutput final : public RandomSource {
  public:
    OpenOutput(Descriptor fd, std::string path, std::uint64_t size)
        : fd_(std::move(fd)), path_(std::move(path)), size_(size) {}
    std::uint64_t size() const override { return size_; }
    void read_at(std::uint64_t offset, std::span<std::byte> into) const override {
        detail::require_range(offset, into.size(), size_);
        while (!into.empty()) {
            const std::size_t count = detail::read_some_at(fd_.get(), offset, into, path_);
            if (count == 0) throw Error(ErrorCode::truncated, "ends before its end").in_file(path_);
            offset += count;
            into = into.subspan(count);
        }
    }

  private:
    Descriptor fd_;
    std::string path_;
    std::uint64_t size_;
};

std::shared_ptr<const RandomSource> source_of(Descriptor fd, const std::string& path, std::uint64_t size) {
    if (size > read_at_once) return std::make_shared<OpenOutput>(std::move(fd), path, size);
    std::vector<std::byte> bytes(static_cast<std::size_t>(size));
    read_open(fd.get(), bytes, path);
    return std::make_shared<OwnedBytes>(std::move(bytes));
}

}  // namespace

// Writers put the output in its place before its metadata. So metadata that is read while the output still has its name
// is this output's, or an older one's: never that of a newer output, which would let an old one pass as valid.
std::optional<StoredOutput> find_entry(const std::string& folder, Use use) {
    const std::string path = folder + output_name;
    for (int tries = 1;; ++tries) {
        Descriptor fd(detail::open_retrying(path, O_RDONLY | O_NONBLOCK));
        if (!fd) {
            if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
            detail::fail_system(path, "open for reading", errno);
        }
        struct stat opened {
        }, named{};
        if (::fstat(fd.get(), &opened) < 0) detail::fail_system(path, "open for reading", errno);
        // A pipe in its place would keep us waiting.
        if (!S_ISREG(opened.st_mode)) throw Error(ErrorCode::io, "is not a regular file").in_file(path);
        StoredOutput found{.path = path, .metadata = metadata_at(folder + metadata_name, use)};
        const bool is_its_own = is_there(path, named) && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev;
        if (!is_its_own && tries == most_tries) found.metadata.clear();  // replaced all the time: it has no time then
        if (!is_its_own && tries < most_tries) continue;
        found.source = source_of(std::move(fd), path, static_cast<std::uint64_t>(opened.st_size));
        return found;
    }
}

std::string read_small_file(const std::string& path) {
    const Descriptor fd(detail::open_retrying(path, O_RDONLY | O_NONBLOCK));
    struct stat status {};
    if (!fd || ::fstat(fd.get(), &status) < 0 || !S_ISREG(status.st_mode)) return {};
    if (static_cast<std::uint64_t>(status.st_size) > longest_metadata) return {};
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    read_open(fd.get(), text, path);
    return text;
}

bool remove_entry(const std::string& folder) {
    const bool had_output = ::unlink((folder + output_name).c_str()) == 0;
    if (!had_output && errno != ENOENT && errno != ENOTDIR)
        detail::fail_system(folder + output_name, "remove the file", errno);
    ::unlink((folder + metadata_name).c_str());
    ::unlink((folder + pinned_name).c_str());
    if (::rmdir(folder.c_str()) < 0 && errno == ENOTEMPTY) remove_stale(folder);
    return had_output;
}

void remove_stale(const std::string& folder) {
    Folder directory(folder);
    if (!directory) return;
    while (const dirent* const each = directory.next()) {
        const std::string path = folder + "/" + each->d_name;
        if (is_temporary(each->d_name) && is_stale(path)) ::unlink(path.c_str());
    }
    if (is_stale(folder)) ::rmdir(folder.c_str());
}

void remove_tree(const std::string& folder) noexcept {
    try {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    } catch (const std::bad_alloc&) {  // a sweep finds it later
    }
}

const std::string& without_special(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
        ::unlink(path.c_str());
    return path;
}

WritingEntry::WritingEntry(const std::string& folder, const LocalUsage& usage)
    : folder_(folder), usage_(usage), file_(without_special(folder + output_name)) {}

// The metadata last: who dies in between leaves an older time to a new output, not a new one to an old output, which
// would stay valid for too long.
void WritingEntry::commit(std::string_view metadata) {
    const EntryFiles before = measure_entry(folder_);
    AtomicFile described(without_special(folder_ + metadata_name));
    described.write(std::as_bytes(std::span(metadata)));
    const std::uint64_t bytes = file_.position().value_or(0) + metadata.size();
    file_.commit(AtomicFile::Sync::no);
    described.commit(AtomicFile::Sync::no);
    usage_.add(static_cast<std::int64_t>(bytes) - static_cast<std::int64_t>(before.bytes), before.has_output ? 0 : 1);
}

}  // namespace jl
