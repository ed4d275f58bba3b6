#include "persist/directory.hpp"

#include <algorithm>
#include <map>

#include <jl/detail/byte_order.hpp>
#include <jl/version.hpp>

#include "codec/transfer.hpp"
#include "graph/dtype_pickle.hpp"
#include "graph/packed_form.hpp"
#include "pickle/machine.hpp"
#include "pickle/writer.hpp"

namespace jl {

namespace {

using detail::load_little;

template <class T>
void append(std::vector<std::byte>& column, T value) {
    const std::size_t at = column.size();
    column.resize(at + sizeof value);
    detail::store_little(column.data() + at, value);
}

// A directory holds plain values only.
class PlainBuilder final : public Builder {
  public:
    int classify(std::string_view module, std::string_view name) override {
        throw Error(ErrorCode::format,
                    "the directory names the class " + std::string(module) + "." + std::string(name));
    }
    bool reduce(Machine&, const ClassRef&, const Cell&, Cell&) override { return false; }
    bool build(Machine& machine, Cell&, const Cell&) override {
        machine.fail(ErrorCode::format, "the directory holds an object");
    }
};

[[noreturn]] void fail(const std::string& detail) { throw Error(ErrorCode::format, "directory: " + detail); }

const Cell* find_column(const Dict& dict, const char* name) {
    for (const CellPair& pair : dict.items)
        if (pair.key.is_text(name)) return &pair.value;
    return nullptr;
}

const Cell& column_of(const Dict& dict, const char* name, CellKind kind) {
    if (const Cell* column = find_column(dict, name); column && column->is(kind)) return *column;
    fail("the column '" + std::string(name) + "' is missing or of another kind");
}

}  // namespace

void DirectoryWriter::add(std::string path, const DType& dtype, std::span<const std::uint64_t> shape, char order,
                          std::uint64_t offset, std::uint64_t nbytes) {
    auto found = std::find(dtypes_.rbegin(), dtypes_.rend(), dtype);
    if (found == dtypes_.rend()) dtypes_.push_back(dtype), found = dtypes_.rbegin();
    append(dtype_, static_cast<std::uint32_t>(dtypes_.rend() - found - 1));
    paths_.push_back(std::move(path));
    append(order_, order);
    append(ndim_, static_cast<std::uint8_t>(shape.size()));
    for (const std::uint64_t n : shape) append(shape_, n);
    append(offset_, offset);
    append(nbytes_, nbytes);
    append(packing_, Packing::none);
    append(stored_, nbytes);
}

void DirectoryWriter::pack_last(Packing packing, std::uint64_t stored, std::span<const std::uint32_t> chunks) {
    has_packed_ = true;
    packing_.back() = static_cast<std::byte>(packing);
    detail::store_little(stored_.data() + stored_.size() - sizeof stored, stored);
    for (const std::uint32_t size : chunks) append(chunks_, size);
}

std::vector<std::byte> DirectoryWriter::pickle() const {
    MemorySink sink;
    PickleWriter out(sink);
    const std::byte proto[] = {std::byte{op::proto}, std::byte{op::written_protocol}};
    out.raw(proto);
    out.begin(CellKind::dict, has_packed_ ? 13 : 10);
    out.text("writer"), out.text("jl " JL_VERSION);
    out.text("chunk"), out.integer(checksum_chunk);
    out.text("paths"), out.begin(CellKind::list, paths_.size());
    for (const std::string& path : paths_) out.text(path);
    out.end();
    out.text("dtypes"), out.begin(CellKind::list, dtypes_.size());
    for (const DType& dtype : dtypes_) write_descr(out, dtype);
    out.end();
    out.text("dtype"), out.bytes(dtype_);
    out.text("order"), out.bytes(order_);
    out.text("ndim"), out.bytes(ndim_);
    out.text("shape"), out.bytes(shape_);
    out.text("offset"), out.bytes(offset_);
    out.text("nbytes"), out.bytes(nbytes_);
    if (has_packed_) {
        out.text("packing"), out.bytes(packing_);
        out.text("stored"), out.bytes(stored_);
        out.text("chunks"), out.bytes(chunks_);
    }
    out.text("extensions"), out.begin(CellKind::list, 0), out.end();
    out.end();
    out.opcode(op::stop);
    out.flush();
    return sink.take();
}

Directory::Directory(std::vector<std::byte> pickle, std::uint64_t payload_end, std::uint64_t checksum_bytes,
                     const Limits& limits)
    : pickle_(std::move(pickle)), document_(std::make_unique<Document>(limits)) {
    read_columns(limits);
    check_entries(payload_end, checksum_bytes);
}

Directory::Directory(Directory&&) noexcept = default;
Directory& Directory::operator=(Directory&&) noexcept = default;
Directory::~Directory() = default;

void Directory::read_columns(const Limits&) {
    const MemorySource source(pickle_);
    Input in(source, 0, pickle_.size());
    PlainBuilder builder;
    const Cell root = Machine(in, *document_, builder).run();
    if (!root.is(CellKind::dict)) fail("it is not a dict");
    const Dict& dict = *root.dict;
    writer_ = column_of(dict, "writer", CellKind::text).text();
    if (column_of(dict, "chunk", CellKind::integer).integer != static_cast<std::int64_t>(checksum_chunk))
        fail("the checksum chunk is not 1048576 bytes");
    check_extensions(column_of(dict, "extensions", CellKind::list));
    paths_ = column_of(dict, "paths", CellKind::list).sequence->items;
    for (const Cell& path : paths_)
        if (!path.is(CellKind::text)) fail("a path is not a text");
    for (const Cell& dtype : column_of(dict, "dtypes", CellKind::list).sequence->items)
        dtypes_.push_back(dtype_from_descr(dtype));
    dtype_ = column_of(dict, "dtype", CellKind::bytes).span();
    order_ = column_of(dict, "order", CellKind::bytes).span();
    ndim_ = column_of(dict, "ndim", CellKind::bytes).span();
    shape_ = column_of(dict, "shape", CellKind::bytes).span();
    offset_ = column_of(dict, "offset", CellKind::bytes).span();
    nbytes_ = column_of(dict, "nbytes", CellKind::bytes).span();
    count_ = static_cast<std::size_t>(paths_.size);
    if (!find_column(dict, "packing")) return;
    packing_ = column_of(dict, "packing", CellKind::bytes).span();
    stored_ = column_of(dict, "stored", CellKind::bytes).span();
    chunks_ = column_of(dict, "chunks", CellKind::bytes).span();
    if (packing_.empty()) fail("the column 'packing' is empty");
}

// extensions: list of (name, configuration, must_understand).
void Directory::check_extensions(const Cell& extensions) const {
    for (const Cell& extension : extensions.sequence->items) {
        const bool formed = extension.is(CellKind::tuple) && extension.sequence->items.size == 3 &&
                            extension.sequence->items.data[0].is(CellKind::text) &&
                            extension.sequence->items.data[2].is(CellKind::boolean);
        if (!formed) fail("an extension is not (name, configuration, must_understand)");
        if (extension.sequence->items.data[2].boolean)
            throw Error(ErrorCode::version, "the file needs the extension '" +
                                                std::string(extension.sequence->items.data[0].text()) +
                                                "', which this reader does not know");
    }
}

namespace {

void expect_column(std::span<const std::byte> column, std::uint64_t bytes, const char* name, std::size_t arrays) {
    if (column.size() == bytes) return;
    fail("the column '" + std::string(name) + "' has " + std::to_string(column.size()) + " bytes, " +
         std::to_string(bytes) + " are expected for " + std::to_string(arrays) + " arrays");
}

}  // namespace

// The columns of packed arrays, where there are any.
void Directory::check_packing() {
    if (packing_.empty()) return;
    expect_column(packing_, count_, "packing", count_), expect_column(stored_, count_ * 8, "stored", count_);
    std::uint64_t chunks = 0;
    first_chunk_.reserve(count_);
    for (std::size_t i = 0; i < count_; ++i) {
        if (packing_[i] > std::byte{2})
            throw Error(ErrorCode::version, "directory: array '" + std::string(path(i)) +
                                                "' is packed in a way that this reader does not know: " +
                                                std::to_string(std::to_integer<int>(packing_[i])));
        const Packing how = packing(i);
        const std::uint64_t itemsize = dtype(i).itemsize();
        if (how != Packing::none) require_packable(nbytes(i));
        const bool possible = how == Packing::none
                                  ? stored(i) == nbytes(i)
                                  : nbytes(i) > 0 && (how == Packing::blosc || is_shuffled_well(itemsize));
        if (!possible)
            fail("array '" + std::string(path(i)) + "' of " + std::to_string(nbytes(i)) + " bytes claims to take " +
                 std::to_string(stored(i)) + ", packed by " + name_of(how));
        first_chunk_.push_back(chunks);
        chunks += chunk_count(i);
        if (how == Packing::shuffle &&
            stored(i) < unit_count(how, itemsize, nbytes(i)) * unit_bytes(how, itemsize, nbytes(i)))
            fail("array '" + std::string(path(i)) + "' of " + std::to_string(nbytes(i)) +
                 " shuffled bytes claims to take " + std::to_string(stored(i)));
    }
    expect_column(chunks_, chunks * 4, "chunks", count_);
}

void Directory::check_entries(std::uint64_t payload_end, std::uint64_t checksum_bytes) {
    const auto expect = [&](std::span<const std::byte> column, std::uint64_t bytes, const char* name) {
        expect_column(column, bytes, name, count_);
    };
    expect(dtype_, count_ * 4, "dtype"), expect(order_, count_, "order"), expect(ndim_, count_, "ndim");
    expect(offset_, count_ * 8, "offset"), expect(nbytes_, count_ * 8, "nbytes");
    std::uint64_t dimensions = 0, checksums = 0, at = 0;
    first_dimension_.reserve(count_), first_checksum_.reserve(count_);
    for (std::size_t i = 0; i < count_; ++i) {
        first_dimension_.push_back(dimensions);
        dimensions += std::to_integer<std::uint64_t>(ndim_[i]);
    }
    expect(shape_, dimensions * 8, "shape");
    for (std::size_t at_byte = 0; at_byte < shape_.size(); at_byte += 8)
        dimensions_.push_back(load_little<std::uint64_t>(shape_.data() + at_byte));
    for (std::size_t i = 0; i < count_; ++i) {
        const auto fail = [&](const std::string& what) { jl::fail("array '" + std::string(path(i)) + "' " + what); };
        if (load_little<std::uint32_t>(dtype_.data() + 4 * i) >= dtypes_.size()) fail("has a dtype that is not listed");
        if (order(i) != 'C' && order(i) != 'F') fail("has an order that is neither C nor F");
        if (checked_nbytes(shape(i), dtype(i).itemsize()) != nbytes(i))
            fail("claims " + std::to_string(nbytes(i)) + " bytes, its shape " + to_string(shape(i)) + " of " +
                 dtype(i).str() + " makes another number");
    }
    check_packing();
    for (std::size_t i = 0; i < count_; ++i) {
        const auto fail = [&](const std::string& what) { jl::fail("array '" + std::string(path(i)) + "' " + what); };
        if (offset(i) < at || offset(i) > payload_end || stored(i) > payload_end - offset(i))
            fail("claims bytes " + std::to_string(offset(i)) + " to " + std::to_string(offset(i) + stored(i)) +
                 ", allowed is " + std::to_string(at) + " to " + std::to_string(payload_end));
        at = offset(i) + stored(i);
        first_checksum_.push_back(checksums);
        checksums += checksum_count(nbytes(i));
    }
    if (checksums * 4 != checksum_bytes)
        fail("the checksum table has " + std::to_string(checksum_bytes) + " bytes, " + std::to_string(checksums * 4) +
             " are expected");
}

std::string_view Directory::path(std::size_t i) const { return paths_.data[i].text(); }
const DType& Directory::dtype(std::size_t i) const {
    return dtypes_[load_little<std::uint32_t>(dtype_.data() + 4 * i)];
}
char Directory::order(std::size_t i) const { return static_cast<char>(order_[i]); }
std::uint64_t Directory::offset(std::size_t i) const { return load_little<std::uint64_t>(offset_.data() + 8 * i); }
std::uint64_t Directory::nbytes(std::size_t i) const { return load_little<std::uint64_t>(nbytes_.data() + 8 * i); }

Packing Directory::packing(std::size_t i) const {
    return packing_.empty() ? Packing::none : static_cast<Packing>(packing_[i]);
}
std::uint64_t Directory::stored(std::size_t i) const {
    return stored_.empty() ? nbytes(i) : load_little<std::uint64_t>(stored_.data() + 8 * i);
}
std::uint64_t Directory::chunk_count(std::size_t i) const {
    return packing(i) == Packing::blosc ? unit_count(Packing::blosc, dtype(i).itemsize(), nbytes(i)) : 0;
}
std::vector<std::uint32_t> Directory::chunks(std::size_t i) const {
    std::vector<std::uint32_t> sizes(static_cast<std::size_t>(chunk_count(i)));
    for (std::size_t k = 0; k < sizes.size(); ++k)
        sizes[k] = load_little<std::uint32_t>(chunks_.data() + 4 * (first_chunk_[i] + k));
    return sizes;
}

std::span<const std::uint64_t> Directory::shape(std::size_t i) const {
    return std::span(dimensions_).subspan(first_dimension_[i], std::to_integer<std::size_t>(ndim_[i]));
}

std::optional<std::size_t> Directory::find(std::string_view wanted) const {
    for (std::size_t i = 0; i < count_; ++i) {
        const std::string_view known = path(i);
        if (known == wanted || (!known.empty() && known.substr(1) == wanted)) return i;
    }
    return std::nullopt;
}

ArrayEntry Directory::entry(std::size_t i) const {
    return {std::string(path(i)), dtype(i), {shape(i).begin(), shape(i).end()}, order(i), offset(i), nbytes(i),
            name_of(packing(i)),  stored(i)};
}

void Directory::compare(std::size_t i, const ArrayNode& array, std::uint64_t at, const DType* recorded) const {
    const DType& found = recorded ? *recorded : array.dtype;
    if (i >= count_) fail("the file holds more arrays than the " + std::to_string(count_) + " that are listed");
    if (offset(i) == at && std::ranges::equal(shape(i), array.shape) && array.order == order(i) && found == dtype(i))
        return;
    const std::string name = "array '" + std::string(path(i)) + "'";
    if (offset(i) != at)
        fail(name + " is listed at byte " + std::to_string(offset(i)) + ", it is at " + std::to_string(at));
    if (!std::ranges::equal(shape(i), array.shape))
        fail(name + " is listed with the shape " + to_string(shape(i)) + ", it has " + to_string(array.shape));
    if (array.order != order(i)) fail(name + " is listed with another order than it has");
    if (found.descr() != dtype(i).descr())
        fail(name + " is listed with the type " + dtype(i).descr() + ", it has " + found.descr());
}

void Directory::compare_packing(std::size_t i, const PackedNode* packed) const {
    const Packing how = packed ? packed->packing : Packing::none;
    if (how == packing(i) && (!packed || (packed->stored == stored(i) && packed->chunks == chunks(i)))) return;
    fail("array '" + std::string(path(i)) + "' is listed as packed by " + name_of(packing(i)) + " in " +
         std::to_string(stored(i)) + " bytes, it is packed by " + name_of(how) +
         (packed ? " in " + std::to_string(packed->stored) + " bytes or other chunks" : ""));
}

}  // namespace jl
