#include <algorithm>
#include <cstring>

#include <jl/detail/byte_order.hpp>
#include <jl/error.hpp>

#include "array/layout.hpp"

namespace jl {
namespace {

std::uint64_t number_width(const DType& plain) {
    if (plain.kind() == 'U') return 4;
    return plain.kind() == 'c' ? plain.itemsize() / 2 : plain.itemsize();
}

bool is_settled(const DType& dtype) { return dtype.is_native() || dtype.itemsize() == 0; }

template <class T>
void swap_numbers(std::span<std::byte> bytes) noexcept {
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(T)) {
        T number;
        std::memcpy(&number, bytes.data() + at, sizeof number);
        number = detail::byteswapped(number);
        std::memcpy(bytes.data() + at, &number, sizeof number);
    }
}

void swap_numbers(std::span<std::byte> bytes, std::uint64_t width) noexcept {
    switch (width) {
        case 2:
            return swap_numbers<std::uint16_t>(bytes);
        case 4:
            return swap_numbers<std::uint32_t>(bytes);
        case 8:
            return swap_numbers<std::uint64_t>(bytes);
        default:
            for (; !bytes.empty(); bytes = bytes.subspan(width)) std::ranges::reverse(bytes.first(width));
    }
}

// Bytes that lie in two fields cannot be swapped for each of them.
void refuse_overlaps(const DType& dtype) {
    if (is_settled(dtype)) return;
    if (dtype.is_subarray()) return refuse_overlaps(dtype.element());
    std::vector<const DTypeField*> foreign;
    for (const DTypeField& field : dtype.fields()) {
        if (!is_settled(field.type)) foreign.push_back(&field);
        refuse_overlaps(field.type);
    }
    std::ranges::sort(foreign, {}, &DTypeField::offset);
    for (std::size_t i = 1; i < foreign.size(); ++i) {
        if (foreign[i]->offset - foreign[i - 1]->offset >= foreign[i - 1]->type.itemsize()) continue;
        throw Error(ErrorCode::unsupported, "fields '" + foreign[i - 1]->name + "' and '" + foreign[i]->name +
                                                "' overlap in the other byte order");
    }
}

void swap_items(std::span<std::byte> items, const DType& dtype) noexcept {
    if (is_settled(dtype)) return;
    if (dtype.is_subarray()) return swap_items(items, dtype.element());
    if (!dtype.is_structure()) return swap_numbers(items, number_width(dtype));
    for (; !items.empty(); items = items.subspan(dtype.itemsize())) {
        for (const DTypeField& field : dtype.fields()) {
            swap_items(items.subspan(field.offset, field.type.itemsize()), field.type);
        }
    }
}

}  // namespace

void make_native(std::span<std::byte> items, const DType& dtype) {
    if (is_settled(dtype)) return;
    refuse_overlaps(dtype);
    swap_items(items.first(items.size() - items.size() % dtype.itemsize()), dtype);
}

}  // namespace jl
