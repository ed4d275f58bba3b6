#include "hash/known_dtypes.hpp"

#include <string>

#include <jl/detail/byte_order.hpp>

#include "hash/payload.hpp"
#include "hash/tags.hpp"
#include "hash/xxh3.hpp"

namespace jl::detail {

namespace {

void append(std::vector<std::byte>& to, std::uint64_t number) {
    std::byte bytes[8];
    store_little(bytes, number);
    to.insert(to.end(), std::begin(bytes), std::end(bytes));
}

void append(std::vector<std::byte>& to, std::span<const std::byte> bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

void append_text(std::vector<std::byte>& to, const std::string& text) {
    append(to, std::uint64_t{text.size()});
    append(to, short_form(std::as_bytes(std::span(text))));
}

}  // namespace

const CanonicalItems& KnownDTypes::items(const DType& dtype) {
    Known& known = found(dtype);
    if (!known.items) known.items.emplace(dtype);
    return *known.items;
}

KnownDTypes::Known& KnownDTypes::found(const DType& dtype) {
    if (!dtype.is_structure() && !dtype.is_subarray()) {
        if (!plain_ || plain_->dtype != dtype) plain_.emplace(Known{dtype, make_encoding(dtype)});
        return *plain_;
    }
    Key key(&dtype.fields(), {});
    if (dtype.is_subarray()) key = {&dtype.element(), dtype.subshape()};
    if (const auto place = known_.find(key); place != known_.end()) return place->second;
    auto encoding = make_encoding(dtype);
    return known_.emplace(std::move(key), Known{dtype, std::move(encoding)}).first->second;
}

std::vector<std::byte> KnownDTypes::make_encoding(const DType& dtype) {
    if (dtype.is_subarray()) {
        std::vector<std::byte> made(1, static_cast<std::byte>(Tag::subarray));
        append(made, std::uint64_t{dtype.subshape().size()});
        for (const std::uint64_t n : dtype.subshape()) append(made, n);
        append(made, encoding(dtype.element()));
        return made;
    }
    if (!dtype.is_structure()) {
        std::vector<std::byte> made(1, static_cast<std::byte>(Tag::plain_dtype));
        append_text(made, dtype.with_order(false).str());
        return made;
    }
    std::vector<std::byte> made(1, static_cast<std::byte>(Tag::structure));
    append(made, std::uint64_t{dtype.fields().size()});
    for (const DTypeField& field : dtype.fields()) {
        append_text(made, field.name), append_text(made, field.title);
        append(made, encoding(field.type));
    }
    const Digest digest = xxh3(made);
    std::vector<std::byte> short_one(1 + digest_bytes, static_cast<std::byte>(Tag::structure));
    store(short_one.data() + 1, digest);
    return short_one;
}

}  // namespace jl::detail
