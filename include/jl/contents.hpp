// The objects that a file holds, one behind the other, and one of them by its number.
//
//     for (const jl::ObjectInfo& each : jl::contents_of("log.pkl").objects) std::cout << each.offset << '\n';
//     const jl::Contents log = jl::contents_of("log.pkl");
//     auto third = jl::load<Step>("log.pkl", log.objects.at(2));
//
// Objects of jl and of joblib, compressed or not, as in jl::read_all. Arrays are passed over, nothing is kept of the
// values. Thread-safe. Errors are jl::Error naming the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <jl/error.hpp>
#include <jl/inspect.hpp>
#include <jl/load.hpp>
#include <jl/verify.hpp>

namespace jl {

struct ObjectInfo {
    std::uint64_t number = 1;   // counted from 1
    std::uint64_t offset = 0;   // its first byte in the file, or that of the compressed stream it lies in
    std::uint64_t begin = 0;    // where in the decoded bytes of that stream; 0 where it is not compressed
    std::uint64_t nbytes = 0;   // decoded, its trailer included
    std::string format, codec;  // as in FileInfo
};

struct Contents {
    std::vector<ObjectInfo> objects;
    // Why what follows the last one is none: the end is torn (a writer was killed, or is still at it), or damaged. An
    // object in a compressed stream that is damaged anywhere is not whole. Bytes that begin neither a pickle nor a
    // compressed stream are passed over in silence, as joblib does; verify tells them behind an object of jl's.
    std::optional<Error> torn = {};
};

// A file of joblib before 0.10 and an archive (.npz) are one object each. Reads a compressed file as a whole, of others
// what is no array.
Contents contents_of(const std::filesystem::path& path, const InspectOptions& options = {});

namespace detail {
void load_object(const Reading& reading, const std::filesystem::path& path, const ObjectInfo& object,
                 const LoadOptions& options);
}

// One of them. Of an uncompressed one, mmap_mode with Fallback::on_demand leaves a Value's arrays in the file until
// they are asked for; maps of single objects are Error{unsupported}.
template <class T = Value>
T load(const std::filesystem::path& path, const ObjectInfo& object, const LoadOptions& options = {}) {
    auto result = detail::made<T>();
    detail::load_object(detail::reading_into(result), path, object, options);
    return result;
}

// Of an uncompressed object; Error{unsupported} for a compressed one.
VerifyReport verify(const std::filesystem::path& path, const ObjectInfo& object, const VerifyOptions& options = {});

// Writes its decoded bytes. What is left of a compressed stream behind it is read too: the codec's checksum is
// compared.
void decode(const std::filesystem::path& path, const ObjectInfo& object, Sink& to, const DecodeOptions& options = {});

}  // namespace jl
