// The payload of one array in a file that two processes map: memory without a name, a file without a name in a folder,
// or the file that the array is mapped from anyway. Nothing is left of it when nobody has it open or mapped any more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <jl/emitter.hpp>
#include <jl/load.hpp>

#include "io/file.hpp"
#include "io/map.hpp"

namespace jl {

class PayloadFile {
  public:
    // `folder`: empty for memory. Error{io}.
    static PayloadFile made(const ArrayEvent& array, std::uint64_t nbytes, const std::string& folder);
    // One that came from another process; the numbers are claims: Error{format}.
    static PayloadFile received(Descriptor file, std::uint64_t offset, std::uint64_t nbytes, bool is_writable);
    // That of a mapped file in which the array's items stand; nothing for any other array.
    static std::optional<PayloadFile> of_map(const ArrayEvent& array);
    // Error{io} unless files can be made there.
    static void require_folder(const std::string& folder);

    int descriptor() const noexcept { return file_.descriptor(); }
    std::uint64_t offset() const noexcept { return offset_; }
    std::uint64_t size() const noexcept { return size_; }
    bool is_writable() const noexcept { return is_writable_; }
    bool is_of_map() const noexcept { return is_of_map_; }
    // Whether both are the same part of the same file.
    bool is_same_place(const PayloadFile& other) const;
    bool holds(std::span<const std::byte> bytes) const;

    struct Mapped {
        std::span<std::byte> bytes;
        std::shared_ptr<Map> map;
    };
    // Read only where read_write is asked of a file that is not writable.
    Mapped mapped(MapMode mode) const;

  private:
    PayloadFile(FileSource file, std::uint64_t offset, std::uint64_t size, bool is_writable, bool is_of_map)
        : file_(std::move(file)), offset_(offset), size_(size), is_writable_(is_writable), is_of_map_(is_of_map) {}

    FileSource file_;
    std::uint64_t offset_;
    std::uint64_t size_;
    bool is_writable_;
    bool is_of_map_;
};

}  // namespace jl
