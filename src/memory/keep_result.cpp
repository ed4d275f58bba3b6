#include "memory/keep_result.hpp"

#include <jl/error.hpp>

#include "memory/memory_state.hpp"

namespace jl::detail {
namespace {

// Counts what passes.
class MeasuredSink final : public Sink {
  public:
    explicit MeasuredSink(Sink& to) : to_(to) {}
    void write(std::span<const std::byte> bytes) override {
        to_.write(bytes);
        count_ += bytes.size();
    }
    std::optional<std::uint64_t> position() override { return to_.position(); }
    std::uint64_t count() const noexcept { return count_; }

  private:
    Sink& to_;
    std::uint64_t count_ = 0;
};

std::uint64_t write_output(const FunctionState& function, const CallParts& parts, Sink& output) {
    const DumpOptions options{.compress = function.memory->options.compress};
    if (output.position()) {  // a file, which several threads may fill
        dump_to_sink(parts.write, output, options);
        return output.position().value_or(0);
    }
    MeasuredSink measured(output);
    dump_to_sink(parts.write, measured, options);
    return measured.count();
}

}  // namespace

// Another process may take the entry's folder away while it is filled: once more then.
CallMetadata keep_result(const FunctionState& function, const CallParts& parts, const EntryId& id, CallMetadata call,
                         const std::function<double()>& seconds) {
    StoreBackend& store = *function.memory->store;
    for (bool again = false;; again = true) {
        try {
            const auto writer = store.create(id);
            call.output_bytes = write_output(function, parts, writer->output());
            call.duration = seconds();
            call.time = std::chrono::system_clock::now();
            writer->commit(call.to_json());
            return call;
        } catch (const Error& error) {
            if (again || error.code() != ErrorCode::io) throw;
        }
    }
}

}  // namespace jl::detail
