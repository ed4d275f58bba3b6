#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include <jl/detail/sparse_record.hpp>
#include <jl/mapping_containers.hpp>

#include "graph/loading.hpp"

namespace jl::detail {

namespace {

// The name of the format: of a dict by its own word, of an object by its class ("scipy.sparse._csr.csr_matrix").
std::string format_name(const Record& in) {
    if (const auto format = in.field("format")) {
        if (format->kind() == Kind::text) return std::string(format->text());
        const auto [dtype, item] = format->scalar();  // save_npz: an array of S3 without dimensions
        const std::string_view text(reinterpret_cast<const char*>(item.data()), item.size());
        return std::string(text.substr(0, std::min(text.size(), text.find('\0'))));
    }
    const Cell& cell = in.cell();
    std::string name = cell.is(CellKind::object) ? class_path(cell.object->callable) : "";
    name.erase(0, name.rfind('.') + 1);
    return name.substr(0, name.find('_'));
}

SparseRecord::Format format_of(const Record& in) {
    const std::string name = format_name(in);
    if (name == "csr") return SparseRecord::Format::csr;
    if (name == "csc") return SparseRecord::Format::csc;
    if (name == "coo") return SparseRecord::Format::coo;
    in.fail(ErrorCode::unsupported, "a sparse matrix of scipy in form csr, csc or coo is needed, '" + name +
                                        "' is there: convert it in Python with .tocsr()");
}

void require(const Record& in, bool holds, const std::string& what) {
    if (!holds) in.fail(ErrorCode::format, "a sparse matrix: " + what);
}

std::optional<Record> member(const Record& in, std::string_view name) {
    auto found = in.field(name);
    if (!found) in.fail(ErrorCode::missing, "a sparse matrix without '" + std::string(name) + "'");
    return found;
}

std::vector<std::int64_t> numbers_of(const Record& record) {
    std::vector<std::int64_t> numbers;
    read(record, numbers);
    return numbers;
}

void require_below(const Record& in, const std::vector<std::int64_t>& indices, std::uint64_t size) {
    const auto outside = [size](std::int64_t i) { return i < 0 || static_cast<std::uint64_t>(i) >= size; };
    const auto found = std::ranges::find_if(indices, outside);
    require(
        in, found == indices.end(),
        "index " + std::to_string(found == indices.end() ? 0 : *found) + " lies outside of " + std::to_string(size));
}

// The line of each entry, where each line begins at one of `starts`.
std::vector<std::int64_t> lines_of(const Record& in, const std::vector<std::int64_t>& starts, std::uint64_t lines,
                                   std::uint64_t entries) {
    require(in, !starts.empty() && starts.size() - 1 == lines && starts.front() == 0,
            "indptr has " + std::to_string(starts.size()) + " items for " + std::to_string(lines) +
                " lines, or begins late");
    require(in, std::ranges::is_sorted(starts) && static_cast<std::uint64_t>(starts.back()) <= entries,
            "indptr goes back, or beyond the " + std::to_string(entries) + " entries");
    std::vector<std::int64_t> result(static_cast<std::size_t>(starts.back()));
    for (std::size_t i = 0; i + 1 < starts.size(); ++i)
        std::fill(result.begin() + starts[i], result.begin() + starts[i + 1], static_cast<std::int64_t>(i));
    return result;
}

}  // namespace

SparseRecord::SparseRecord(const Record& in) : format(format_of(in)) {
    std::vector<std::uint64_t> shape;
    read(*(in.field("_shape") ? in.field("_shape") : member(in, "shape")), shape);
    require(in, shape.size() == 2, "its shape has " + std::to_string(shape.size()) + " dimensions");
    rows = shape[0], columns = shape[1];
    data = member(in, "data");
    coordinates_ = in.field("coords");
    if (format != Format::coo) {
        outer = member(in, "indptr"), inner = member(in, "indices");
    } else if (coordinates_) {
        require(in, coordinates_->is_sequence() && coordinates_->size() == 2, "coords is no pair");
        outer = coordinates_->item(0), inner = coordinates_->item(1);
    } else {
        outer = member(in, "row"), inner = member(in, "col");
    }
}

SparseEntries::SparseEntries(const Record& in, const SparseRecord& sparse, std::uint64_t numbers) {
    std::vector<std::int64_t> outer = numbers_of(*sparse.outer), inner = numbers_of(*sparse.inner);
    const std::string claim = std::to_string(inner.size()) + " indices for " + std::to_string(numbers) + " numbers";
    if (sparse.format == SparseRecord::Format::coo) {
        require(in, outer.size() == inner.size() && inner.size() == numbers, claim);
    } else {
        // scipy may keep more room than it uses.
        const std::uint64_t lines = sparse.format == SparseRecord::Format::csr ? sparse.rows : sparse.columns;
        require(in, inner.size() <= numbers, claim);
        outer = lines_of(in, outer, lines, inner.size());
        inner.resize(outer.size());
    }
    const bool by_columns = sparse.format == SparseRecord::Format::csc;
    rows = by_columns ? std::move(inner) : std::move(outer);
    columns = by_columns ? std::move(outer) : std::move(inner);
    require_below(in, rows, sparse.rows);
    require_below(in, columns, sparse.columns);
}

std::vector<std::size_t> by_line_and_place(const std::vector<std::int64_t>& lines,
                                           const std::vector<std::int64_t>& places) {
    std::vector<std::size_t> order(lines.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto before = [&](std::size_t a, std::size_t b) {
        return std::pair(lines[a], places[a]) < std::pair(lines[b], places[b]);
    };
    if (!std::ranges::is_sorted(order, before)) std::ranges::stable_sort(order, before);
    return order;
}

void require_lines(const Record& in, std::uint64_t lines) {
    constexpr std::uint64_t most_without_limit = std::uint64_t{1} << 28;
    const std::uint64_t limit = static_cast<LoadingState&>(in.loading()).options().items;
    const std::uint64_t most = limit == Limits::none ? most_without_limit : limit;
    if (lines > most)
        in.fail(ErrorCode::limit, "a sparse matrix of " + std::to_string(lines) + " lines, at most " +
                                      std::to_string(most) + " are allowed (limit: items)");
}

// `maxprint` is an attribute that scipy gives each matrix, and misses when it prints one.
void begin_sparse(Emitter& out, std::string_view class_path, std::int64_t rows, std::int64_t columns) {
    out.begin_object(class_path, 5);
    out.attribute("_shape");
    out.begin(Container::tuple, 2);
    out.integer(rows);
    out.integer(columns);
    out.end();
    out.attribute("maxprint");
    out.integer(50);
}

}  // namespace jl::detail
