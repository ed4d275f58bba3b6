// What loading an array into a container of another library needs besides the container: checks, and lists of numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <jl/buffer.hpp>
#include <jl/emitter.hpp>
#include <jl/mapping.hpp>

namespace jl::detail {

std::string shape_text(std::span<const std::uint64_t> shape);  // "(3, 4)", "(3,)", "()"
// Error{type}: so many dimensions are needed, others are there.
[[noreturn]] void fail_rank(const Record& in, std::size_t wanted);
// Error{range}: `wanted` is needed, an array of another shape is there.
[[noreturn]] void fail_shape(const Record& in, const std::string& wanted, std::span<const std::uint64_t> shape);

// Memory that was just allocated, before its first use: huge pages are several times faster to fill.
template <class T>
void advise_before_use(T* items, std::size_t count) {
    constexpr std::size_t worth_advising = std::size_t{4} << 20;
    if (count * sizeof(T) >= worth_advising) advise_huge(std::as_writable_bytes(std::span(items, count)));
}

// A Python list of numbers as a 1-d array: make_room(count) returns where the items go.
template <class T, class MakeRoom>
void read_list(const Record& in, MakeRoom&& make_room) {
    if (!in.is_sequence()) in.fail_kind("an array");
    const std::size_t count = in.size();
    T* const items = make_room(count);
    for (std::size_t i = 0; i < count; ++i) jl::read(in.item(i), items[i]);
}

// Dict keys and set members have to be hashable in Python, which a tuple of numbers is.
template <class Items>
void emit_frozen(Emitter& out, std::size_t rank, std::size_t count, Items&& items) {
    if (rank != 1) throw Error(ErrorCode::type, "an array of several dimensions cannot be a dict key or a set member");
    out.begin(Container::tuple, count);
    for (std::size_t i = 0; i < count; ++i) jl::emit(out, items(i));
    out.end();
}

}  // namespace jl::detail
