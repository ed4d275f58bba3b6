#include "pickle/writer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <jl/detail/byte_order.hpp>

#include "io/crc32c.hpp"

namespace jl {

template <class T>
void PickleWriter::number(std::uint8_t opcode, T value) {
    std::byte* to = room(1 + sizeof value);
    to[0] = static_cast<std::byte>(opcode);
    detail::store_little(to + 1, value);
    used_ += 1 + sizeof value;
}

void PickleWriter::sum_opcodes() {
    crc_ = crc32c({buffer_.data() + summed_, used_ - summed_}, crc_);
    opcode_bytes_ += used_ - summed_;
    summed_ = used_;
}

void PickleWriter::flush() {
    if (used_ == 0) return;
    sum_opcodes();
    sink_.write({buffer_.data(), used_});
    flushed_ += used_;
    used_ = summed_ = 0;
}

void PickleWriter::make_room(std::size_t count) {
    if (!open_) return flush();
    buffer_.resize(buffer_.size() + std::max(count, buffer_bytes));
}

namespace {

constexpr std::size_t open_lead = 2;  // LONG1 and the number of bytes

}  // namespace

void PickleWriter::open_number() {
    item();
    flush();
    open_ = flushed_ + open_lead;
    std::byte* to = room(open_lead + sizeof(std::uint64_t));
    to[0] = static_cast<std::byte>(op::long1);
    to[1] = std::byte{sizeof(std::uint64_t)};
    detail::store_little(to + open_lead, std::uint64_t{0});
    used_ += open_lead + sizeof(std::uint64_t);
}

void PickleWriter::send_open() { sink_.write({buffer_.data(), used_}); }

std::uint64_t PickleWriter::close_number(std::uint64_t number) {
    detail::store_little(buffer_.data() + open_lead, number);
    sum_opcodes();
    flushed_ += used_;
    used_ = summed_ = 0;
    return *std::exchange(open_, std::nullopt);
}

void PickleWriter::put_payload(std::span<const std::byte> bytes) {
    std::byte* to = room(bytes.size());
    sum_opcodes();
    if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
    used_ += bytes.size();
    summed_ = used_;
}

void PickleWriter::put(std::span<const std::byte> bytes) {
    if (bytes.size() > buffer_.size() / 2 && !open_) {
        flush();
        crc_ = crc32c(bytes, crc_);
        sink_.write(bytes);
        flushed_ += bytes.size();
        opcode_bytes_ += bytes.size();
        return;
    }
    if (bytes.empty()) return;
    std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
    used_ += bytes.size();
}

void PickleWriter::begin_batch(Frame& frame) {
    if (frame.in_batch != 0) close_batch(frame);
    byte(op::mark);
    frame.in_batch = 1;
}

// Places that one batch may hold; 0 where items are not handed over in batches.
std::uint32_t PickleWriter::batch_of(CellKind kind) noexcept {
    switch (kind) {
        case CellKind::list:
        case CellKind::set:
            return op::batch;
        case CellKind::dict:
            return 2 * op::batch;  // keys and values
        default:
            return 0;
    }
}

void PickleWriter::close_batch(const Frame& frame) {
    switch (frame.kind) {
        case CellKind::list:
            return byte(op::appends);
        case CellKind::set:
            return byte(op::additems);
        default:
            return byte(op::setitems);
    }
}

void PickleWriter::integer(std::int64_t value) {
    item();
    if (value >= 0 && value < 0x100) return number(op::binint1, static_cast<std::uint8_t>(value));
    if (value >= 0 && value < 0x10000) return number(op::binint2, static_cast<std::uint16_t>(value));
    if (value >= INT32_MIN && value <= INT32_MAX) return number(op::binint, static_cast<std::int32_t>(value));
    std::byte digits[8];
    detail::store_little(digits, value);
    std::size_t count = 8;
    while (count > 1) {
        const bool negative = (digits[count - 2] & std::byte{0x80}) != std::byte{0};
        if (digits[count - 1] != (negative ? std::byte{0xff} : std::byte{0})) break;
        --count;
    }
    number(op::long1, static_cast<std::uint8_t>(count));
    put({digits, count});
}

void PickleWriter::big_integer(std::span<const std::byte> digits) {
    item();
    if (digits.size() < 256)
        number(op::long1, static_cast<std::uint8_t>(digits.size()));
    else
        number(op::long4, static_cast<std::uint32_t>(digits.size()));
    put(digits);
}

void PickleWriter::real(double value) {
    item();
    std::byte* to = room(9);
    to[0] = static_cast<std::byte>(op::binfloat);
    detail::store_big(to + 1, value);
    used_ += 9;
}

void PickleWriter::complex(double real_part, double imag_part) {
    class_ref("builtins", "complex");
    begin_bare();
    real(real_part), real(imag_part);
    end_bare();
    byte(op::tuple2), byte(op::reduce);
}

void PickleWriter::text(std::string_view utf8) {
    item();
    if (utf8.size() < 0x100)
        number(op::short_binunicode, static_cast<std::uint8_t>(utf8.size()));
    else if (utf8.size() <= UINT32_MAX)
        number(op::binunicode, static_cast<std::uint32_t>(utf8.size()));
    else
        number(op::binunicode8, std::uint64_t{utf8.size()});
    put(std::as_bytes(std::span(utf8.data(), utf8.size())));
}

void PickleWriter::bytes(std::span<const std::byte> bytes) {
    item();
    if (bytes.size() < 0x100)
        number(op::short_binbytes, static_cast<std::uint8_t>(bytes.size()));
    else if (bytes.size() <= UINT32_MAX)
        number(op::binbytes, static_cast<std::uint32_t>(bytes.size()));
    else
        number(op::binbytes8, std::uint64_t{bytes.size()});
    put(bytes);
}

// BYTEARRAY8 needs protocol 5; bytearray(bytes) is read by all.
void PickleWriter::bytearray(std::span<const std::byte> content) {
    class_ref("builtins", "bytearray");
    begin_bare();
    bytes(content);
    end_bare();
    byte(op::tuple1), byte(op::reduce);
}

void PickleWriter::class_ref(std::string_view module, std::string_view name) {
    std::string both(module);
    (both += '\n') += name;
    if (const auto known = names_.find(both); known != names_.end()) return recall(known->second);
    item();
    begin_bare();
    key(module), key(name);
    end_bare();
    byte(op::stack_global);
    names_.emplace(std::move(both), memoize());
}

void PickleWriter::key(std::string_view name) {
    std::string owned(name);
    if (const auto known = names_.find(owned); known != names_.end()) return recall(known->second);
    text(name);
    const std::uint32_t index = memoize();
    if (owned.find('\n') == std::string::npos) names_.emplace(std::move(owned), index);
}

void PickleWriter::recall(std::uint32_t index) {
    item();
    if (index < 0x100)
        number(op::binget, static_cast<std::uint8_t>(index));
    else
        number(op::long_binget, index);
}

void PickleWriter::begin(CellKind kind, std::uint64_t size, std::uint32_t* memo) {
    item();
    switch (kind) {
        case CellKind::list:
            byte(op::empty_list);
            break;
        case CellKind::set:
            byte(op::empty_set);
            break;
        case CellKind::dict:
            byte(op::empty_dict);
            break;
        case CellKind::frozenset:
            byte(op::mark);
            break;
        default:
            if (size > 3) byte(op::mark);
    }
    const bool late = kind == CellKind::tuple || kind == CellKind::frozenset;
    if (memo && !late) *memo = memoize();
    frames_.push_back({kind, size, 0, batch_of(kind), late ? memo : nullptr});
}

void PickleWriter::end() {
    const Frame frame = frames_.back();
    frames_.pop_back();
    switch (frame.kind) {
        case CellKind::list:
        case CellKind::set:
        case CellKind::dict:
            if (frame.in_batch > 0) close_batch(frame);
            break;
        case CellKind::frozenset:
            byte(op::frozenset);
            break;
        default: {
            static constexpr op::Opcode closing[] = {op::empty_tuple, op::tuple1, op::tuple2, op::tuple3};
            byte(frame.left <= 3 ? closing[frame.left] : op::tuple);
        }
    }
    if (!frame.memo) return;
    if (*frame.memo == no_memo)
        *frame.memo = memoize();
    else
        replace_top(*frame.memo);
}

// A tuple that contains itself was written and memoized by its own items: the outer copy gives way to that one, as in
// Python.
void PickleWriter::replace_top(std::uint32_t index) {
    byte(op::pop);
    begin_bare();
    recall(index);
    end_bare();
}

void PickleWriter::align_after(std::size_t count, std::uint64_t origin) {
    std::size_t gap = (64 - (origin + position() + count) % 64) % 64;
    if (gap == 0) return;
    if (gap < 3) gap += 64;
    std::byte* to = room(gap);
    std::memset(to, 0, gap);
    to[0] = static_cast<std::byte>(op::short_binbytes);
    to[1] = static_cast<std::byte>(gap - 3);
    to[gap - 1] = static_cast<std::byte>(op::pop);
    used_ += gap;
}

}  // namespace jl
