// A file mapped for writing (r+): payload checksums are marked stale before the first write is possible and renewed
// when the last user is gone (spec: trailer, modification in place). A crash in between leaves "modified in place",
// never "corrupt".
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unistd.h>
#include <vector>

#include "io/map.hpp"
#include "persist/opened.hpp"

namespace jl {

class InPlaceFile {
  public:
    // Maps the file shared and writable; marks its container, if it ends in one, as stale.
    InPlaceFile(std::shared_ptr<FileSource> file, std::shared_ptr<const ContainerIndex> container,
                const MapAdvice& advice = {});
    InPlaceFile(const InPlaceFile&) = delete;
    InPlaceFile& operator=(const InPlaceFile&) = delete;
    ~InPlaceFile();  // renews; what fails leaves the file marked stale

    std::span<std::byte> bytes() const noexcept { return map_->bytes(); }
    void flush();  // brings changes to the file

  private:
    // Fresh checksums, unless others hold the same file open for writing: the last one renews them. A forked process
    // leaves that to the one that opened the file: they share one lock, and cannot tell who is the last.
    void renew();
    std::vector<std::byte> checksum_table() const;
    void set_state(FooterState state, std::uint32_t checksums_crc);

    std::shared_ptr<FileSource> file_;
    std::shared_ptr<const ContainerIndex> container_;
    std::shared_ptr<Map> map_;
    pid_t opened_by_ = ::getpid();
};

}  // namespace jl
