#include "pickle/document.hpp"

#include <cstring>
#include <string>

#include <jl/detail/byte_order.hpp>

namespace jl {

void Arena::require_room(std::uint64_t bytes) const {
    if (bytes > limit_ - used_)
        throw Error(ErrorCode::limit, "the values take more than " + std::to_string(limit_) +
                                          " bytes of memory (limit: bytes); " + std::to_string(bytes) +
                                          " are needed besides " + std::to_string(used_));
}

void Arena::charge(std::uint64_t bytes) {
    require_room(bytes);
    used_ += bytes;
}

void Arena::adopt(Buffer buffer) {
    charge(buffer.size());
    blocks_.push_back(std::move(buffer));
}

void* Arena::allocate_slow(std::size_t bytes) {
    constexpr std::size_t biggest_block = std::size_t{8} << 20;
    if (bytes > block_bytes_ / 2) {
        adopt(Buffer(bytes));
        return blocks_.back().data();
    }
    adopt(Buffer(block_bytes_));
    next_ = blocks_.back().data();
    end_ = next_ + block_bytes_;
    if (block_bytes_ < biggest_block) block_bytes_ *= 2;
    return allocate(bytes);
}

Cell Document::bytes(CellKind kind, std::span<const std::byte> bytes) {
    auto* room =
        static_cast<std::byte*>(arena_.allocate(bytes.size() + 1));  // empty ones have an address of their own too
    if (!bytes.empty()) std::memcpy(room, bytes.data(), bytes.size());
    return Cell::of(kind, std::span<const std::byte>(room, bytes.size()));
}

Cell Document::text(std::string_view text) {
    return bytes(CellKind::text, std::as_bytes(std::span(text.data(), text.size())));
}

Cell Document::adopt(CellKind kind, Buffer buffer) {
    const std::span<const std::byte> bytes = std::as_const(buffer).bytes();
    arena_.adopt(std::move(buffer));
    return Cell::of(kind, bytes);
}

Cell Document::complex(double real, double imag) {
    auto* pair = make<ComplexPair>();
    *pair = {real, imag};
    return Cell::of(CellKind::complex, pair);
}

Cell Document::unsigned_integer(std::uint64_t value) {
    if (value <= static_cast<std::uint64_t>(INT64_MAX)) return Cell::of(static_cast<std::int64_t>(value));
    std::byte digits[9] = {};
    detail::store_little(digits, value);
    return bytes(CellKind::big_integer, digits);
}

Cell Document::sequence(CellKind kind, std::span<const Cell> items) {
    auto* node = make<Sequence>();
    push(node->items, items);
    return Cell::of(kind, node);
}

Cell Document::dict() { return Cell::of(CellKind::dict, make<Dict>()); }

Cell Document::class_ref(std::string_view module, std::string_view name, int tag) {
    auto* node = make<ClassRef>();
    *node = {text(module).text(), text(name).text(), tag};
    return Cell::of(CellKind::class_ref, node);
}

void Document::push_pairs(Items<CellPair>& items, std::span<const Cell> flat) {
    for (std::size_t i = 0; i + 1 < flat.size(); i += 2) push(items, CellPair{flat[i], flat[i + 1]});
}

const CellPair* Document::find(const Dict& dict, std::string_view key) const {
    constexpr std::uint64_t worth_an_index = 32;
    if (dict.items.size < worth_an_index) {
        for (std::uint64_t i = dict.items.size; i-- > 0;)
            if (dict.items.data[i].key.is_text(key)) return &dict.items.data[i];
        return nullptr;
    }
    const std::lock_guard lock(index_lock_);
    const auto [place, first] = indexes_.try_emplace(&dict);
    Index& index = place->second;
    for (std::uint64_t i = 0; first && i < dict.items.size; ++i)
        if (dict.items.data[i].key.is(CellKind::text)) index[dict.items.data[i].key.text()] = i;
    const auto found = index.find(key);
    return found == index.end() ? nullptr : &dict.items.data[found->second];
}

void Document::set(Dict& dict, std::string_view key, const Cell& value) {
    if (const CellPair* known = find(dict, key)) {
        const_cast<CellPair*>(known)->value = value;
        return;
    }
    push(dict.items, CellPair{text(key), value});
    const std::lock_guard lock(index_lock_);
    if (const auto index = indexes_.find(&dict); index != indexes_.end())
        index->second[dict.items.data[dict.items.size - 1].key.text()] = dict.items.size - 1;
}

void Document::fail_items() const {
    throw Error(ErrorCode::limit, "more than " + std::to_string(limits_.items) + " values (limit: items)");
}

}  // namespace jl
