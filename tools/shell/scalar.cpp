#include "shell/scalar.hpp"

#include <jl/emitter.hpp>

#include "shell/printable.hpp"

namespace jl::shell {

struct Item {
    const DType* dtype;
    std::span<const std::byte> bytes;
};

namespace {

// A number of `size` bytes in the dtype's byte order.
std::uint64_t number_at(const DType& dtype, std::span<const std::byte> bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::byte byte = dtype.big_endian() ? bytes[i] : bytes[bytes.size() - 1 - i];
        number = number << 8 | std::to_integer<std::uint64_t>(byte);
    }
    return number;
}

}  // namespace
}  // namespace jl::shell

template <>
struct jl::Mapping<jl::shell::Item> {
    static void emit(Emitter& out, const shell::Item& item) { out.scalar(*item.dtype, item.bytes); }
};

namespace jl::shell {

std::string_view characters(const Value& value) {
    const std::span<const std::byte> bytes = value.raw_bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string scalar_text(const Value& scalar) {
    std::string text;
    const std::span<const std::byte> bytes = scalar.raw_bytes();
    const std::size_t width = scalar.dtype().kind() == 'U' ? 4 : 1;
    std::size_t used = 0;  // padding is left out
    for (std::size_t at = 0; at + width <= bytes.size(); at += width) {
        const auto code = static_cast<std::uint32_t>(number_at(scalar.dtype(), bytes.subspan(at, width)));
        append_utf8(text, code);
        if (code != 0) used = text.size();
    }
    text.resize(used);
    return text;
}

std::int64_t time_count(const Value& scalar) {
    return static_cast<std::int64_t>(number_at(scalar.dtype(), scalar.raw_bytes()));
}

std::string item_text(const DType& dtype, std::span<const std::byte> item) {
    return Value(Item{&dtype, item}).number_text();
}

}  // namespace jl::shell
