// Writes canonical pickle opcodes (spec: pickle profile), streaming into a sink through a small buffer.
//
//     PickleWriter out(sink);  out.begin(CellKind::list, 2);  out.integer(1);  out.real(2.5);  out.end();
//
// Counts positions, keeps the CRC32C of the opcode bytes, batches container items, numbers the memo. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <jl/buffer.hpp>
#include <jl/sink.hpp>

#include "pickle/document.hpp"
#include "pickle/opcodes.hpp"

namespace jl {

class PickleWriter {
  public:
    // `room`: of the buffer, at least twice short_payload.
    explicit PickleWriter(Sink& sink, std::size_t room = buffer_bytes) : sink_(sink), buffer_(room) {}

    void none() { item(), byte(op::none); }
    void boolean(bool value) { item(), byte(value ? op::newtrue : op::newfalse); }
    void integer(std::int64_t value);
    void big_integer(std::span<const std::byte> digits);  // two's complement, least significant byte first
    void real(double value);
    void complex(double real, double imag);
    void text(std::string_view utf8);  // any length; precondition: valid UTF-8
    void bytes(std::span<const std::byte> bytes);
    void bytearray(std::span<const std::byte> content);
    void class_ref(std::string_view module, std::string_view name);  // memoized at first use
    void key(std::string_view name);                                 // a str that is memoized at first use
    void recall(std::uint32_t index);                                // an item: the object memoized under `index`

    // list, tuple, set, frozenset (items) or dict (key, value, key, …); `size` is the exact count of items or pairs.
    // `memo` receives the memo index when the object is to be memoized (tuples and frozensets: at the end).
    // A late index that is set already means that the items wrote the object themselves: it is recalled instead.
    static constexpr std::uint32_t no_memo = ~std::uint32_t{0};
    void begin(CellKind kind, std::uint64_t size, std::uint32_t* memo = nullptr);
    void end();
    // As begin, for items added to the object on the stack (list: items, dict: pairs).
    void extend(CellKind kind, std::uint64_t size) { frames_.push_back({kind, size, 0, batch_of(kind), nullptr}); }

    // Raw steps for constructions; they produce no item of the enclosing container by themselves. `begin_item`
    // announces one.
    void begin_item() { item(); }
    void begin_bare() {
        frames_.push_back({CellKind::none, 0, 0, 0, nullptr});
    }                                        // what follows counts for no container …
    void end_bare() { frames_.pop_back(); }  // … until here
    void opcode(op::Opcode opcode) { byte(opcode); }
    std::uint32_t memoize() {
        byte(op::memoize);
        return memo_count_++;
    }
    std::uint32_t memo_count() const noexcept { return memo_count_; }

    // Filler so that the byte after the next `count` opcode bytes lies at a multiple of 64, counted from `origin` below
    // position 0.
    void align_after(std::size_t count, std::uint64_t origin);
    void raw(std::span<const std::byte> opcodes) { put(opcodes); }

    // Array payloads count for positions and not for the opcodes' checksum. Short ones pass through the buffer; for
    // long ones the caller flushes, writes to the sink itself and says so.
    static constexpr std::size_t short_payload = std::size_t{4} << 10;
    void put_payload(std::span<const std::byte> bytes);  // precondition: at most short_payload bytes
    void passed_payload(std::uint64_t count) noexcept { flushed_ += count; }
    void flush();

    // An integer that is known only after the payload that follows, as LONG1 of eight bytes. What is written from here
    // on is held: send_open() brings it to the sink as it is, before the payload; close_number() enters the number and
    // tells where the sink has its eight bytes, to be written again (little-endian). One at a time; nothing is written
    // between send_open and close_number.
    void open_number();
    void send_open();
    std::uint64_t close_number(std::uint64_t number);  // precondition: number < 2^63

    std::uint64_t position() const noexcept { return flushed_ + used_; }   // bytes written so far, payloads included
    std::uint64_t opcode_bytes() const noexcept { return opcode_bytes_; }  // as of the last flush
    std::uint32_t opcode_crc() const noexcept { return crc_; }             // as of the last flush

    struct Frame {
        CellKind kind;
        std::uint64_t left;      // items still to come
        std::uint32_t in_batch;  // items since the last MARK
        std::uint32_t batch;     // at most so many
        std::uint32_t* memo;
    };
    std::size_t depth() const noexcept { return frames_.size(); }

  private:
    static constexpr std::size_t buffer_bytes = std::size_t{64} << 10;

    // Opens a batch where one is due: lists, sets and dicts hand over at most op::batch items at a time.
    void item() {
        if (frames_.empty()) return;
        Frame& frame = frames_.back();
        if (frame.batch == 0) return;
        if (frame.in_batch == 0 || frame.in_batch == frame.batch) return begin_batch(frame);
        ++frame.in_batch;
    }
    void begin_batch(Frame& frame);
    static std::uint32_t batch_of(CellKind kind) noexcept;
    void sum_opcodes();
    void close_batch(const Frame& frame);
    void replace_top(std::uint32_t index);
    std::byte* room(std::size_t count) {
        if (buffer_.size() - used_ < count) make_room(count);
        return buffer_.data() + used_;
    }
    void make_room(std::size_t count);
    void byte(std::uint8_t value) { *room(1) = static_cast<std::byte>(value), ++used_; }
    void put(std::span<const std::byte> bytes);
    template <class T>
    void number(std::uint8_t opcode, T value);

    Sink& sink_;
    Buffer buffer_;
    std::size_t used_ = 0;
    std::size_t summed_ = 0;  // bytes of the buffer that the checksum covers or leaves out
    std::uint64_t flushed_ = 0;
    std::uint64_t opcode_bytes_ = 0;
    std::uint32_t crc_ = 0;
    std::uint32_t memo_count_ = 0;
    std::optional<std::uint64_t> open_;  // position of an open number's bytes; the buffer begins with its opcode
    std::vector<Frame> frames_;
    std::unordered_map<std::string, std::uint32_t> names_;  // memo indexes of keys and (module '\n' name) of classes
};

}  // namespace jl
