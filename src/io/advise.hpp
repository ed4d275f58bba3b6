// Tells the system how mapped or open files are going to be used.
#pragma once

#include <cstddef>
#include <span>

#include <jl/access.hpp>

namespace jl::detail {

// Precondition: `map` begins at a page. huge_pages: where the system can have them behind files.
void advise_map(std::span<std::byte> map, Access access, bool huge_pages) noexcept;
void advise_reads(int fd, Access access) noexcept;  // of the whole file

}  // namespace jl::detail
