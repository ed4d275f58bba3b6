#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <jl/record.hpp>

#include "graph/array_node.hpp"
#include "graph/loading.hpp"

namespace jl {

const DType& ArrayRecord::dtype() const noexcept { return node_->dtype; }
const std::vector<std::uint64_t>& ArrayRecord::shape() const noexcept { return node_->shape; }
char ArrayRecord::order() const noexcept { return node_->order; }
std::uint64_t ArrayRecord::size() const noexcept { return item_count(node_->shape); }
std::uint64_t ArrayRecord::nbytes() const noexcept { return node_->nbytes; }

void ArrayRecord::copy_to(const DType& dtype, char order, std::span<std::byte> to) const {
    try {
        copy_items(*node_, dtype, order, to);
    } catch (Error& error) {
        error.at_path(record_->path());
        throw;
    }
}

ArrayRecord::Shared ArrayRecord::share(const DType& dtype) const {
    if (node_->dtype == dtype) resident(*node_);
    const bool aligned = reinterpret_cast<std::uintptr_t>(node_->data) %
                             std::min<std::uint64_t>(dtype.itemsize(), alignof(std::max_align_t)) ==
                         0;
    if (node_->dtype == dtype && aligned) {
        if (node_->owner) return {node_->data, node_->owner};
        return {node_->data, static_cast<LoadingState&>(*record_->loading_).document()};
    }
    if (node_->write_through)
        record_->fail(ErrorCode::unsupported, "items of type " + node_->dtype.str() +
                                                  (aligned ? "" : " at an odd address") +
                                                  " cannot be changed in place as " + dtype.str());
    auto buffer = std::make_shared<Buffer>(static_cast<std::size_t>(checked_nbytes(node_->shape, dtype.itemsize())));
    copy_to(dtype, node_->order, buffer->bytes());
    return {buffer->data(), buffer};
}

void* ArrayRecord::held(const std::type_info& type, bool& movable) const {
    if (!node_->container || *node_->container_type != type) return nullptr;
    LoadingState& state = static_cast<LoadingState&>(*record_->loading_);
    movable = !state.is_attempt() && !state.has_sharing();
    return node_->container.get();
}

bool ArrayPlaces::enter(const std::type_info& type) {
    for (const std::type_info* seen : seen_)
        if (*seen == type) return false;
    seen_.push_back(&type);
    return true;
}

const ArrayPlace* ArrayPlaces::find(const DType& dtype, std::size_t rank, char order) const noexcept {
    for (const ArrayPlace& place : places_) {
        const bool fits = place.dtype == dtype && (place.rank < 0 || static_cast<std::size_t>(place.rank) == rank) &&
                          (place.order == 0 || place.order == order || rank < 2);
        if (fits) return &place;
    }
    return nullptr;
}

}  // namespace jl
