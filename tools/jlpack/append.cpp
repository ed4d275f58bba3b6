#include "jlpack/append.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jl/error.hpp>
#include <jl/inspect.hpp>

#include "shell/output.hpp"

namespace jl::pack {
namespace {

// The end of a file that is cut back to its old size unless commit() is called.
class Tail final : public Sink {
  public:
    explicit Tail(const std::string& path)
        : path_(path), descriptor_(::open(path.c_str(), O_RDWR | O_CLOEXEC)), sink_(descriptor_, path) {
        if (descriptor_ < 0) shell::throw_system(path, "open");
    }
    Tail(const Tail&) = delete;
    Tail& operator=(const Tail&) = delete;
    ~Tail() override {
        if (writing_ && ::ftruncate(descriptor_, static_cast<off_t>(begin_)) != 0) {
            // nothing more can be done; what was appended is told as damage
        }
        ::close(descriptor_);
    }

    void lock() {
        if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
        if (errno == EWOULDBLOCK) throw Error(ErrorCode::io, "another program is appending to it").in_file(path_);
        shell::throw_system(path_, "lock");
    }
    void begin() {
        const off_t end = ::lseek(descriptor_, 0, SEEK_END);
        if (end < 0) shell::throw_system(path_, "seek");
        begin_ = position_ = static_cast<std::uint64_t>(end);
        writing_ = true;
    }
    void write(std::span<const std::byte> bytes) override {
        sink_.write(bytes);
        position_ += bytes.size();
    }
    std::optional<std::uint64_t> position() override { return position_; }
    void commit() noexcept { writing_ = false; }

  private:
    std::string path_;
    int descriptor_;
    shell::DescriptorSink sink_;
    std::uint64_t begin_ = 0;
    std::uint64_t position_ = 0;
    bool writing_ = false;
};

void require_appendable(const std::string& path) {
    const FileInfo info = inspect(path);
    const std::string is = info.codec == "none" ? info.format : info.codec + "-compressed " + info.format;
    if (info.codec != "none" || !info.format.starts_with("jl "))
        throw Error(ErrorCode::unsupported,
                    "cannot be appended to: an uncompressed jl file is needed, this one is " + is)
            .in_file(path);
    if (info.containers == 0) throw Error(ErrorCode::format, "cannot be appended to: its end is damaged").in_file(path);
}

}  // namespace

void append_package(const shell::Package& package, const std::string& path, const DumpOptions& options) {
    Tail tail(path);
    tail.lock();
    require_appendable(path);
    tail.begin();
    dump(package, static_cast<Sink&>(tail), options);
    tail.commit();
}

}  // namespace jl::pack
