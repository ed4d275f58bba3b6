// The trailer of a container that is read in order: compared with what the stream held.
#pragma once

#include <jl/limits.hpp>

#include "io/input.hpp"
#include "persist/payloads.hpp"

namespace jl {

// `in` stands behind STOP. False: there the input ends, the trailer is lost. Error{format} where something else
// follows.
bool trailer_follows(Input& in);

// `in` stands behind STOP, its checksum running since the container's begin: Error unless both are what the footer
// says.
void check_graph_end(Input& in, const ContainerIndex& container);

// What a reader met: arrays in order, and the CRC32C of each chunk of their payloads.
struct SeenArrays {
    const std::vector<StreamLoader::Seen>& arrays;
    const std::vector<std::uint32_t>& checksums;
};

// `in` stands behind STOP, its checksum running since `begin`. A trailer that is not there is no error (the file lost
// it, and is loadable in sequence): false. One that differs is. Leaves `in` behind the container.
bool read_trailer(Input& in, std::uint64_t begin, Version version, const SeenArrays& seen, const Limits& limits);
// The same for a reader that passed the payloads by: their checksums, and the directory's list, are not compared.
bool pass_trailer(Input& in, std::uint64_t begin, Version version, const Limits& limits);

}  // namespace jl
