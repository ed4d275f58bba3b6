// Values on their way between this process and its workers: a pickle as in jl's files, without their directory and
// checksums, which cost more than a small value itself.
//
//     const std::vector<std::byte> bytes = message_of([&](Emitter& out) { jl::emit(out, result); });
//     read_message(detail::reading_into(result), bytes);
//
// What is read is a claim, as everywhere: damaged bytes are an Error.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <jl/dump.hpp>
#include <jl/load.hpp>

namespace jl {

std::vector<std::byte> message_of(const detail::Writing& write);
// The bytes are needed no longer than the call.
void read_message(const detail::Reading& reading, std::span<const std::byte> bytes);

}  // namespace jl
