// .pkl: the value of another file of jl, joblib or pickle, whatever its codec.
#include <jl/error.hpp>

#include "jlpack/input.hpp"
#include "shell/document.hpp"
#include "shell/traversal.hpp"

namespace jl::pack {
namespace {

class PickleInput final : public Input {
  public:
    explicit PickleInput(shell::Opened opened) : opened_(std::move(opened)) {
        if (opened_.objects == 1) return;
        throw Error(ErrorCode::unsupported, "holds " + std::to_string(opened_.objects) +
                                                " objects, one after the other; a file of one is needed");
    }
    void emit(Emitter& out) const override { jl::emit(out, opened_.root); }
    std::uint64_t payload_bytes() const override { return shell::payload_bytes(opened_.root); }

  private:
    shell::Opened opened_;
};

}  // namespace

std::unique_ptr<Input> open_pickle(const std::string& path, const InputOptions& options) {
    return std::make_unique<PickleInput>(shell::open_document(path, {.program = "jlpack",
                                                                     .payloads = shell::Payloads::checked,
                                                                     .folder = options.folder,
                                                                     .n_threads = options.n_threads,
                                                                     .progress = options.progress}));
}

}  // namespace jl::pack
