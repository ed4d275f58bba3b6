#include "persist/dump_choice.hpp"

namespace jl {

DumpChoice choose_packing(const DumpOptions& options, const std::string& name) {
    if (auto blosc = choose_blosc(options.compress))
        return {std::nullopt, {Packing::blosc, std::move(blosc->compressor), blosc->level}};
    DumpChoice choice{choose(options.compress, name)};
    if (options.shuffle && !choice.stream)
        throw Error(ErrorCode::usage, "shuffle needs a compressor: it only makes its work easier");
    if (options.shuffle) choice.packer.packing = Packing::shuffle;
    return choice;
}

}  // namespace jl
