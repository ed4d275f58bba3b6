// Makes the checksums and lengths of a changed container right again, so that mutations reach what lies behind them.
#pragma once

#include <cstddef>
#include <span>

namespace jl::fuzz {

// Changes only the footer, and only where the bytes end in one.
void repair(std::span<std::byte> file);

}  // namespace jl::fuzz
