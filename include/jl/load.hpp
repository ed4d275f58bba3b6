// Reading: files of jl, of every joblib, of pickle and numpy, typed or as a jl::Value. Nothing in a file is ever
// executed.
//
//     auto model = jl::load<Model>("model.pkl.gz");          jl::Value any = jl::load("from_python.pkl");
//     auto view = jl::load<jl::Array<double>>("x.pkl", {.mmap_mode = jl::MmapMode::r});
//     if (auto r = jl::try_load<Model>("model.pkl"); !r) std::cerr << r.error().what();
//
// Checksums of jl files are compared on the way. Each array of T is read straight into its own container. Errors are
// jl::Error and name file, byte and path. Thread-safe. From streams, loading stops right behind the object
// (docs/streams.md).
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>

#include <jl/access.hpp>
#include <jl/file_descriptor.hpp>
#include <jl/limits.hpp>
#include <jl/progress.hpp>
#include <jl/source.hpp>
#include <jl/stdio.hpp>
#include <jl/value.hpp>

namespace jl {

// r: read-only, a write is a crash. r_plus: writes reach the file. c: writes stay private.
enum class MmapMode : std::uint8_t { r, r_plus, c };
enum class UnknownFields : std::uint8_t { ignore, refuse };
// What a mmap_mode means for what cannot be mapped: a compressed file, a packed array, a URL. on_demand: packed arrays
// of a jl::Value, and all arrays that it has from a URL or a random source (compressed: with a table of its blocks),
// stay where they are until they are asked for, and pass through in pieces when the Value is dumped; such a Value is
// not to be shared between threads. Anything else is loaded, as by `load`.
enum class Fallback : std::uint8_t { error, load, on_demand };

struct LoadOptions {
    std::optional<MmapMode> mmap_mode = {};  // arrays come from a map of the file instead of memory
    Fallback mmap_fallback = Fallback::error;
    Access access = Access::normal;  // how the file will be used: advice to the system
    bool huge_pages = false;         // behind maps, where the system can
    unsigned n_threads = 0;          // 0: the cores available to the process
    Limits limits = {};
    UnknownFields unknown_fields = UnknownFields::ignore;  // attributes that a structure has no field for
    ProgressCallback progress = {};
};

namespace detail {
struct Reading {
    std::function<void(ArrayPlaces&)> places;
    std::function<void(const Record&)> read;
};
void load_from_path(const Reading& reading, const std::filesystem::path& path, const LoadOptions& options);
void load_from_source(const Reading& reading, Source& source, const LoadOptions& options);
void load_from_stream(const Reading& reading, std::istream& stream, const LoadOptions& options);
void load_from_stdio(const Reading& reading, std::FILE* file, const LoadOptions& options);
void load_from_descriptor(const Reading& reading, const FileDescriptor& descriptor, const LoadOptions& options);
void load_from_random(const Reading& reading, const std::shared_ptr<const RandomSource>& source,
                      const LoadOptions& options);
void load_from_memory(const Reading& reading, std::span<const std::byte> bytes, const LoadOptions& options);

template <class T>
Reading reading_into(T& result) {
    return {[](ArrayPlaces& places) { collect_places<T>(places); },
            [&result](const Record& record) { jl::read(record, result); }};
}
}  // namespace detail

template <class T = Value>
T load(const std::filesystem::path& path, const LoadOptions& options = {}) {
    auto result = detail::made<T>();
    detail::load_from_path(detail::reading_into(result), path, options);
    return result;
}

template <class T = Value>
T load(std::istream& stream, const LoadOptions& options = {}) {
    auto result = detail::made<T>();
    detail::load_from_stream(detail::reading_into(result), stream, options);
    return result;
}

template <class T = Value>
T load(std::FILE* file, const LoadOptions& options = {}) {
    T result{};
    detail::load_from_stdio(detail::reading_into(result), file, options);
    return result;
}

template <class T = Value>
T load(const FileDescriptor& descriptor, const LoadOptions& options = {}) {
    T result{};
    detail::load_from_descriptor(detail::reading_into(result), descriptor, options);
    return result;
}

template <class T = Value>
T load(Source& source, const LoadOptions& options = {}) {
    auto result = detail::made<T>();
    detail::load_from_source(detail::reading_into(result), source, options);
    return result;
}

// A whole file in memory.
template <class T = Value>
T load(std::span<const std::byte> bytes, const LoadOptions& options = {}) {
    auto result = detail::made<T>();
    detail::load_from_memory(detail::reading_into(result), bytes, options);
    return result;
}

// A whole file behind a source with random access. Arrays that a Value holds are read when they are asked for.
template <class T = Value>
T load(const std::shared_ptr<const RandomSource>& source, const LoadOptions& options = {}) {
    T result{};
    detail::load_from_random(detail::reading_into(result), source, options);
    return result;
}

// Any object with std::size_t read(std::span<std::byte>).
template <class T = Value, ReadableObject Store>
requires(!std::derived_from<Store, std::istream>) T load(Store& store, const LoadOptions& options = {}) {
    ObjectSource<Store> source(store);
    return load<T>(static_cast<Source&>(source), options);
}

// As load, with the jl::Error as a result instead of an exception.
template <class T = Value>
Result<T> try_load(const std::filesystem::path& path, const LoadOptions& options = {}) {
    try {
        return load<T>(path, options);
    } catch (const Error& error) {
        return error;
    }
}

}  // namespace jl
