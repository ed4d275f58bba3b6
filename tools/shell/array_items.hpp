// The items of an array by position in its payload, in pieces where the payload is still in the file.
//
//     ArrayItems items(array);
//     item_text(array.dtype(), items.at(7));
//     items.for_each_piece([&](std::span<const std::byte> piece) { sink.write(piece); });
//
// Errors: those of reading the file. One thread.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include <jl/value.hpp>

namespace jl::shell {

class ArrayItems {
  public:
    explicit ArrayItems(const Value& array);

    // Valid until the next call.
    std::span<const std::byte> at(std::uint64_t position);
    // The payload from its begin to its end; pieces are whole items.
    void for_each_piece(const std::function<void(std::span<const std::byte>)>& take);

  private:
    const Value& array_;
    std::size_t itemsize_;
    std::vector<std::byte> window_;  // of a deferred array
    std::uint64_t begin_ = 0;        // of the window
};

}  // namespace jl::shell
