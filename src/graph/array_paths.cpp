#include "graph/array_paths.hpp"

#include "graph/pickle_emitter.hpp"
#include "graph/value_access.hpp"

namespace jl {

namespace {

class NullSink final : public Sink {
  public:
    void write(std::span<const std::byte>) override {}
};

class PathCollector final : public PayloadWriter {
  public:
    explicit PathCollector(PickleWriter& writer) : writer_(writer) {}
    void payload(const ArrayEvent&, std::uint64_t nbytes, Packing, std::string path) override {
        paths.push_back(std::move(path));
        writer_.flush();
        writer_.passed_payload(nbytes);
    }
    std::vector<std::string> paths;

  private:
    PickleWriter& writer_;
};

}  // namespace

// Writing the graph again, to nowhere, meets its arrays in the order and at the paths that a writer gives them.
std::vector<std::string> array_paths(const Cell& root) {
    NullSink nowhere;
    PickleWriter writer(nowhere);
    PathCollector collector(writer);
    PickleEmitter emitter(writer, collector, {});
    emit_cell(emitter, root, nullptr);
    return std::move(collector.paths);
}

}  // namespace jl
