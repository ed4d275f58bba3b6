// A file written bit by bit: arrays row after row, bigger than memory, and small values, under names.
//
//     jl::Writer writer("huge.pkl");
//     auto out = writer.array<float>("x", {1'000'000, 512});   // {jl::unknown, 512}: as many rows as come
//     for (…) out.append(chunk);                               // spans, vectors, arrays, expressions of xtensor, Eigen
//     writer.value("scale", 0.5);                              // ends the array
//     writer.close();                                          // {"x": array, "scale": 0.5} for every reader
//
// The file, or what a URL stands for, appears on close(), atomically; a writer that is destroyed before, or has failed,
// leaves nothing, and an old file as it was. Known shapes give the bytes that jl::dump gives of a dict with the same
// entries. Memory: a few pieces of 1 MiB, and what a codec takes (docs/codecs.md). One thread at a time. A call that is
// refused for its arguments changes nothing; after any other error the writer is of no more use. Errors name file and
// array.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <jl/dump.hpp>
#include <jl/mapping_containers.hpp>
#include <jl/mapping_struct.hpp>

namespace jl {

// As a first dimension: told by the rows that come. For files and sinks that can be written at any place; not for
// compressed ones, streams and URLs, whose bytes are gone by then: Error{unsupported}.
inline constexpr std::uint64_t unknown = ~std::uint64_t{0};

class RowWriter;

class Writer {
  public:
    explicit Writer(const std::filesystem::path& path, const DumpOptions& options = {});
    explicit Writer(Sink& sink, const DumpOptions& options = {});  // the sink outlives the writer
    explicit Writer(std::ostream& stream, const DumpOptions& options = {});
    Writer(Writer&&) noexcept;
    Writer& operator=(Writer&&) noexcept;
    ~Writer();

    // Begins an array in C order, and ends the one before: Error{usage} unless all of its rows have come. T: numbers,
    // and structures of numbers. Error{usage} for a name that was there before.
    template <class T>
    RowWriter array(std::string_view name, const std::vector<std::uint64_t>& shape);
    RowWriter array(std::string_view name, const DType& dtype, const std::vector<std::uint64_t>& shape);
    template <class T>
    void value(std::string_view name, const T& value) {
        write_value(name, [&](Emitter& out) { jl::emit(out, value); });
    }
    // The file is complete. Again: nothing happens.
    void close();

    struct State;

  private:
    void write_value(std::string_view name, const detail::Writing& write);

    std::shared_ptr<State> state_;
};

// Rows of one array. May outlive its Writer, which then takes no more.
class RowWriter {
  public:
    RowWriter(RowWriter&&) noexcept = default;
    RowWriter& operator=(RowWriter&&) noexcept = default;
    // One row, or any number of them: a shape of the row's, or with an axis before it, or 1-d with whole rows of items.
    // The element type is the array's, nothing is converted. Expressions are evaluated piece by piece, those that are
    // column-major as a whole. Error{type} for other types, {range} for other shapes and more rows than there are,
    // {usage} once the array has ended.
    template <class Rows>
    void append(const Rows& rows) {
        if constexpr (ArrayElement<Rows>)
            write([&](Emitter& out) { out.array({DType::of<Rows>(), {}, 'C', std::as_bytes(std::span(&rows, 1))}); });
        else
            write([&](Emitter& out) { jl::emit(out, rows); });
    }
    std::uint64_t rows() const noexcept { return rows_; }  // appended so far

  private:
    friend class Writer;
    RowWriter(std::shared_ptr<Writer::State> writer, std::uint64_t number);
    void write(const detail::Writing& rows);

    std::shared_ptr<Writer::State> writer_;
    std::uint64_t number_ = 0;  // of the array in the writer
    std::uint64_t rows_ = 0;
};

namespace detail {
template <class T>
DType item_type() {
    if constexpr (ArrayElement<T>) {
        return DType::of<T>();
    } else {
        static_assert(StructuredItems<T>::value, "items of an array are numbers, or structures of numbers");
        return StructuredItems<T>::dtype();
    }
}
}  // namespace detail

template <class T>
RowWriter Writer::array(std::string_view name, const std::vector<std::uint64_t>& shape) {
    return array(name, detail::item_type<T>(), shape);
}

}  // namespace jl
