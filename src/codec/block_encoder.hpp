// Writes one gzip member or zlib stream in units of 1 MiB that are deflated on several threads (spec: deflate framing).
//
//     BlockEncodedSink sink(file, Framing::gzip, 3, n_threads);  sink.write(bytes);  sink.finish();
//
// The bytes do not depend on the number of threads. `to` is written by the calling thread only. After a failure, and
// after finish(), the sink refuses to work: Error{usage}.
#pragma once

#include <memory>
#include <vector>

#include <jl/buffer.hpp>

#include "codec/binding.hpp"
#include "codec/deflate_framing.hpp"
#include "codec/ordered_jobs.hpp"
#include "codec/unit_deflater.hpp"

namespace jl::detail {

class BlockEncodedSink final : public EncodedSink {
  public:
    BlockEncodedSink(Sink& to, Framing framing, int level, unsigned n_threads);

    void write(std::span<const std::byte> bytes) override;
    std::optional<std::uint64_t> position() override { return decoded_; }
    void finish() override;

  private:
    struct Slot {
        Buffer input;                     // allocated when the slot is first filled by copying
        std::span<const std::byte> unit;  // in `input` or in the caller's memory
        Buffer output;
        std::size_t compressed = 0;
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
    void deflate(unsigned worker, Slot& slot);
    UnitDeflater& deflater(unsigned worker);
    void put(std::span<const std::byte> bytes);

    Sink& to_;
    Framing framing_;
    int level_;
    State state_ = State::open;
    std::uint64_t decoded_ = 0;  // taken from the caller
    std::uint64_t written_ = 0;  // given to `to_`
    std::size_t filled_ = 0;     // bytes in the next slot's input
    StreamCheck check_;
    std::vector<std::uint32_t> lengths_;
    std::vector<std::unique_ptr<UnitDeflater>> deflaters_;  // one a worker
    std::vector<Slot> slots_;
    OrderedJobs jobs_;  // last: its threads use the slots
};

}  // namespace jl::detail
