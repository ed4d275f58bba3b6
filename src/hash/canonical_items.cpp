#include "hash/canonical_items.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>

#include <jl/error.hpp>

namespace jl::detail {

namespace {

// x87 extended precision: ten bytes of value in twelve or sixteen.
constexpr std::size_t extended_bytes = 10;
constexpr bool has_extended = std::numeric_limits<long double>::digits == 64;

std::size_t width_of(const DType& plain) {
    switch (plain.kind()) {
        case 'U':
            return 4;
        case 'c':
            return static_cast<std::size_t>(plain.itemsize() / 2);
        default:
            return static_cast<std::size_t>(plain.itemsize());
    }
}

}  // namespace

CanonicalItems::Plan CanonicalItems::make(const DType& dtype, std::size_t offset) {
    Plan plan;
    if (dtype.is_subarray()) {
        plan = make(dtype.element(), 0);
        for (const std::uint64_t n : dtype.subshape()) plan.count *= n;
    } else if (dtype.is_structure()) {
        plan = make_structure(dtype);
    } else {
        plan = make_plain(dtype);
    }
    plan.offset = offset;
    return plan;
}

CanonicalItems::Plan CanonicalItems::make_plain(const DType& dtype) {
    Plan plan;
    plan.raw_size = plan.size = static_cast<std::size_t>(dtype.itemsize());
    const std::size_t width = width_of(dtype);
    if (dtype.big_endian() && width > 1) plan.number_width = width;
    const bool is_long = (dtype.kind() == 'f' || dtype.kind() == 'c') && width > 8;
    if (is_long && has_extended) plan.value_width = width;
    plan.as_it_is = plan.number_width == 0 && plan.value_width == 0;
    return plan;
}

CanonicalItems::Plan CanonicalItems::make_structure(const DType& dtype) {
    Plan plan;
    plan.raw_size = static_cast<std::size_t>(dtype.itemsize());
    plan.as_it_is = true;
    for (const DTypeField& field : dtype.fields()) {
        plan.parts.push_back(make(field.type, static_cast<std::size_t>(field.offset)));
        const Plan& part = plan.parts.back();
        plan.as_it_is = plan.as_it_is && part.as_it_is && part.offset == plan.size;
        plan.size += part.size * static_cast<std::size_t>(part.count);
    }
    // Room is made for what the fields take: a small item could ask for any.
    if (plan.size > plan.raw_size)
        throw Error(ErrorCode::unsupported, "the fields of a structure of " + std::to_string(plan.raw_size) +
                                                " bytes take " + std::to_string(plan.size) +
                                                ": they overlap, and such a structure has no key");
    plan.as_it_is = plan.as_it_is && plan.size == plan.raw_size;
    return plan;
}

void CanonicalItems::pack(std::span<const std::byte> raw, std::span<std::byte> to) const noexcept {
    std::byte* put = to.data();
    for (std::size_t at = 0; at < raw.size(); at += plan_.raw_size) put = pack(plan_, raw.data() + at, put);
}

std::byte* CanonicalItems::pack(const Plan& plan, const std::byte* raw, std::byte* to) noexcept {
    if (plan.as_it_is) {
        const std::size_t bytes = plan.size * static_cast<std::size_t>(plan.count);
        std::memcpy(to, raw, bytes);
        return to + bytes;
    }
    for (std::uint64_t i = 0; i < plan.count; ++i, raw += plan.raw_size) {
        if (plan.parts.empty()) {
            pack_plain(plan, raw, to);
            to += plan.size;
        }
        for (const Plan& part : plan.parts) to = pack(part, raw + part.offset, to);
    }
    return to;
}

void CanonicalItems::pack_plain(const Plan& plan, const std::byte* raw, std::byte* to) noexcept {
    std::memcpy(to, raw, plan.size);
    for (std::size_t at = 0; plan.number_width != 0 && at < plan.size; at += plan.number_width)
        std::reverse(to + at, to + at + plan.number_width);
    for (std::size_t at = 0; plan.value_width != 0 && at < plan.size; at += plan.value_width)
        std::fill(to + at + std::min(extended_bytes, plan.value_width), to + at + plan.value_width, std::byte{0});
}

}  // namespace jl::detail
