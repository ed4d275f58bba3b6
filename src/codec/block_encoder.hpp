// Writes a stream in units that are compressed on several threads.
//
//     BlockEncodedSink sink(file, framing, 3, n_threads);  sink.write(bytes);  sink.finish();
//
// The bytes do not depend on the number of threads. `to` is written by the calling thread only. After a failure, and
// after finish(), the sink refuses to work: Error{usage}.
#pragma once

#include <memory>
#include <vector>

#include <jl/buffer.hpp>

#include "codec/binding.hpp"
#include "codec/block_framing.hpp"
#include "codec/ordered_jobs.hpp"

namespace jl::detail {

class BlockEncodedSink final : public EncodedSink {
  public:
    // `framing` must outlive the sink.
    BlockEncodedSink(Sink& to, const BlockFraming& framing, int level, unsigned n_threads,
                     TableUse table = TableUse::written);

    void write(std::span<const std::byte> bytes) override;
    std::optional<std::uint64_t> position() override { return units_.decoded; }
    void finish() override;

  private:
    struct Slot {
        Buffer input;                     // allocated when the slot is first filled by copying
        std::span<const std::byte> unit;  // in `input` or in the caller's memory
        Buffer output;
        std::size_t encoded = 0;
        StreamCheck check{StreamCheck::Kind::crc32};
    };
    enum class State : std::uint8_t { open, failed, finished };

    template <class F>
    void guarded(F work);
    void take(std::span<const std::byte> bytes);
    std::size_t copy(std::span<const std::byte> bytes);
    void submit(std::span<const std::byte> unit);
    void commit_oldest();
    void begin();
    void write_end();
    void encode(unsigned worker, Slot& slot);
    void put(std::span<const std::byte> bytes);

    Sink& to_;
    const BlockFraming& framing_;
    std::size_t unit_bytes_;
    State state_ = State::open;
    WrittenUnits units_;
    std::size_t filled_ = 0;                              // bytes in the next slot's input
    std::vector<std::unique_ptr<UnitEncoder>> encoders_;  // one a worker
    std::vector<Slot> slots_;
    OrderedJobs jobs_;  // last: its threads use the slots
};

}  // namespace jl::detail
