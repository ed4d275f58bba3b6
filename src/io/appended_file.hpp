// The end of a file that grows: made where it is absent, locked meanwhile, cut back unless what was added is committed.
//
//     AppendedFile file("log.pkl");   file.begin_at(file.size());   file.write(bytes);
//     file.commit(AppendedFile::Sync::no);
//
// Another writer that appends waits in the constructor (flock: programs that do not ask are not held back). A process
// that is killed leaves a part of what it wrote. Failures are Error{io} with the file's name and the system's reason.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "io/file.hpp"

namespace jl {

class AppendedFile final : public Sink {
  public:
    explicit AppendedFile(std::string path);
    AppendedFile(const AppendedFile&) = delete;
    AppendedFile& operator=(const AppendedFile&) = delete;
    ~AppendedFile() override;
    std::uint64_t size() const noexcept { return size_; }  // when it was locked
    // Where writing begins; what stands behind is cut off. Precondition: offset <= size().
    void begin_at(std::uint64_t offset);
    void write(std::span<const std::byte> bytes) override;
    std::optional<std::uint64_t> position() override { return position_; }
    enum class Sync { no, yes };  // yes: it reaches the disk before commit() returns
    void commit(Sync sync);

  private:
    void open_locked();
    bool is_still_named() const;

    std::string path_;
    Descriptor fd_;
    std::uint64_t size_ = 0;
    std::uint64_t begin_ = 0;
    std::uint64_t position_ = 0;
    bool writing_ = false;
    bool created_ = false;
};

}  // namespace jl
