// .npy: the items stay in the map of the file until the dump takes them.
#include <jl/load.hpp>
#include <jl/npy.hpp>

#include "jlpack/input.hpp"
#include "shell/shape.hpp"

namespace jl::pack {
namespace {

class NpyInput final : public Input {
  public:
    explicit NpyInput(shell::MappedFile file) : file_(std::move(file)), header_(parse_npy_header(file_.text())) {
        if (header_.dtype.has_object()) {
            objects_ = load(items());
            return;
        }
        const std::uint64_t there = file_.bytes().size() - header_.payload;
        const std::string claim = "items of " + std::to_string(header_.nbytes) + " bytes are claimed by shape " +
                                  shell::shape_text(header_.shape) + " and dtype " + header_.dtype.str() + ", " +
                                  std::to_string(there) + " bytes are there";
        if (there != header_.nbytes)
            throw Error(there < header_.nbytes ? ErrorCode::truncated : ErrorCode::format, claim);
    }

    void emit(Emitter& out) const override {
        if (objects_) return jl::emit(out, *objects_);
        out.array({header_.dtype, header_.shape, header_.order, items()});
    }
    std::uint64_t payload_bytes() const override { return header_.dtype.has_object() ? 0 : header_.nbytes; }

  private:
    std::span<const std::byte> items() const {
        return file_.bytes().subspan(static_cast<std::size_t>(header_.payload));
    }

    shell::MappedFile file_;
    NpyHeader header_;
    std::optional<Value> objects_;  // an array of objects: its items are a pickle
};

}  // namespace

std::unique_ptr<Input> open_npy(shell::MappedFile file) { return std::make_unique<NpyInput>(std::move(file)); }

}  // namespace jl::pack
