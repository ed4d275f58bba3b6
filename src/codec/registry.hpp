// The table of codecs: those built in, those registered, and the names of those that this build lacks.
//
//     if (auto codec = codec_named("gzip")) …          // null: nobody knows that name
//     throw_not_built_in("xz", "x.pkl.xz asks for");
//
// Thread-safe. Nothing is registered before main: the table fills itself when it is first asked.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <jl/codec.hpp>

namespace jl::detail {

// Codecs of joblib's and jl's formats that a reader must be able to name.
struct KnownCodec {
    std::string_view name;
    std::string_view extension;
    std::string_view magic;
};

// null: not in the table. Error{unsupported} for a codec that is known but not built in.
std::shared_ptr<const Codec> codec_named(std::string_view name);
// As above, by the end of the file's name; the last one registered wins.
std::shared_ptr<const Codec> codec_for_file(std::string_view file_name);

}  // namespace jl::detail
