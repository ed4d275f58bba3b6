// What a dump's options come to: a codec for the whole container, or a packing for each of its arrays, or neither.
#pragma once

#include <optional>
#include <string>

#include <jl/dump.hpp>

#include "array/packing.hpp"
#include "codec/binding.hpp"

namespace jl {

struct DumpChoice {
    std::optional<CodecChoice> stream;  // of the whole container
    Packer packer = {};                 // of each array
};

// `name`: of the file, whose extension counts where the options name no method; "" for streams. Error{usage} or
// {unsupported} for options that cannot be met.
DumpChoice choose_packing(const DumpOptions& options, const std::string& name);

}  // namespace jl
