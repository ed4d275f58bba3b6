// Raw binary: items one after the other, of the dtype and shape that the command line tells.
#include <jl/error.hpp>

#include "jlpack/input.hpp"
#include "shell/npy.hpp"

namespace jl::pack {
namespace {

// The extent that was left open, or all items in one dimension.
std::vector<std::uint64_t> shape_for(std::uint64_t bytes, std::uint64_t itemsize, const shell::Shape& asked) {
    std::vector<std::uint64_t> shape = asked.extents;
    std::size_t open = asked.open.value_or(0);
    if (shape.empty())
        shape.push_back(1);
    else if (!asked.open)
        open = shape.size();
    const std::uint64_t rest = shell::payload_size(shape, itemsize);
    if (open < shape.size() && rest > 0) shape[open] = bytes / rest;
    const std::uint64_t needed = shell::payload_size(shape, itemsize);
    if (needed == bytes) return shape;
    throw Error(ErrorCode::format,
                std::to_string(bytes) + " bytes are there, " +
                    (open < shape.size() ? "a multiple of " + std::to_string(rest) : std::to_string(needed)) +
                    " are needed for shape " +
                    (open < shape.size() && asked.extents.empty() ? "(-1,)" : shell::shape_text(shape)));
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
