// Any bz2 file, decoded on several threads block by block.
//
//     auto decoded = decoded_bz2_blocks(source, [&] { return in_order(source); }, n_threads);
//
// Where a block or the file is not as expected, or blocks decode to very much, what is left is read in order: so errors
// are the same as there.
#pragma once

#include <functional>
#include <memory>

#include <jl/source.hpp>

namespace jl::detail {

// `from` must outlive the result.
std::unique_ptr<Source> decoded_bz2_blocks(const RandomSource& from, std::function<std::unique_ptr<Source>()> in_order,
                                           double ratio, unsigned n_threads);

}  // namespace jl::detail
