// Raw binary: items one after the other, of the dtype and shape that the command line tells.
#include <jl/error.hpp>

#include "jlpack/input.hpp"
#include "shell/shape.hpp"

namespace jl::pack {
namespace {

// The extent that was left open, or all items in one dimension.
std::vector<std::uint64_t> shape_for(std::uint64_t bytes, std::uint64_t itemsize, shell::Shape asked) {
    if (asked.extents.empty()) asked = {.extents = {1}, .open = 0};
    const std::uint64_t known = shell::payload_size(asked.extents, itemsize);
    const bool fits = asked.open && known > 0 ? bytes % known == 0 : bytes == known;
    if (fits && asked.open && known > 0) asked.extents[*asked.open] = bytes / known;
    if (fits) return asked.extents;
    std::string shape;
    for (std::size_t i = 0; i < asked.extents.size(); ++i)
        shape += (i > 0 ? "," : "") + (asked.open == i ? "-1" : std::to_string(asked.extents[i]));
    throw Error(ErrorCode::format, std::to_string(bytes) + " bytes are there, shape " + shape + " of items of " +
                                       std::to_string(itemsize) + " bytes needs " +
                                       (asked.open ? "a multiple of " : "") + std::to_string(known));
}

class RawInput final : public Input {
  public:
    RawInput(shell::MappedFile file, const DType& dtype, const shell::Shape& shape)
        : file_(std::move(file)), dtype_(dtype), shape_(shape_for(file_.bytes().size(), dtype.itemsize(), shape)) {}
    void emit(Emitter& out) const override { out.array({dtype_, shape_, 'C', file_.bytes()}); }
    std::uint64_t payload_bytes() const override { return file_.bytes().size(); }

  private:
    shell::MappedFile file_;
    DType dtype_;
    std::vector<std::uint64_t> shape_;
};

}  // namespace

std::unique_ptr<Input> open_raw(shell::MappedFile file, const InputOptions& options) {
    if (!options.dtype) throw Error(ErrorCode::usage, "raw binary needs --dtype, as in --dtype '<f8'");
    return std::make_unique<RawInput>(std::move(file), *options.dtype, options.shape);
}

}  // namespace jl::pack
