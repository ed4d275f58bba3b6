// A range of a random source as a source of its own.
//
//     Part object(file, begin, size);     // bytes [begin, begin + size) of *file
#pragma once

#include <memory>
#include <utility>

#include <jl/source.hpp>

#include "io/range.hpp"

namespace jl {

class Part final : public RandomSource {
  public:
    // Error{truncated} unless the source has these bytes.
    Part(std::shared_ptr<const RandomSource> source, std::uint64_t begin, std::uint64_t size)
        : source_(std::move(source)), begin_(begin), size_(size) {
        detail::require_range(begin, size, source_->size());
    }
    std::uint64_t size() const override { return size_; }
    void read_at(std::uint64_t offset, std::span<std::byte> into) const override {
        detail::require_range(offset, into.size(), size_);
        source_->read_at(begin_ + offset, into);
    }
    std::span<const std::byte> view() const override {
        const std::span<const std::byte> whole = source_->view();
        return whole.empty() ? whole : whole.subspan(static_cast<std::size_t>(begin_), static_cast<std::size_t>(size_));
    }
    bool prefers_long_reads() const override { return source_->prefers_long_reads(); }

  private:
    std::shared_ptr<const RandomSource> source_;
    std::uint64_t begin_, size_;
};

}  // namespace jl
