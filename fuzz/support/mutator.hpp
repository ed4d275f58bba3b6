// A target that includes this mutates with repair: half of the mutated files have sound checksums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "support/repair.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
    const std::size_t mutated = LLVMFuzzerMutate(data, size, max_size);
    if (seed % 2 == 0) jl::fuzz::repair(std::as_writable_bytes(std::span(data, mutated)));
    return mutated;
}
