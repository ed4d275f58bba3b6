// Extension arrays bring objects of their own: what stands in them is read, never what it would do.
#include "graph/pandas_columns.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include <jl/mapping_containers.hpp>

namespace jl::pandas {

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::format, "a DataFrame: " + what); }

void require(bool holds, const std::string& what) {
    if (!holds) fail(what);
}

bool has_class(const Value& value, std::string_view name) {
    const std::string path = value.class_name();
    return path.ends_with(name) && (path.size() == name.size() || path[path.size() - name.size() - 1] == '.');
}

bool is_tuple(const Value& value, std::size_t size) { return value.kind() == Kind::tuple && value.size() >= size; }

namespace {

bool is_missing(const Value& value) {
    if (value.kind() == Kind::real) return std::isnan(value.as<double>());
    return value.is_none() || (value.kind() == Kind::class_ref && has_class(value, "NA"));
}

Value array_of_line(const Value& block, std::size_t line) {
    const std::vector<std::uint64_t>& shape = block.shape();
    const std::uint64_t lines = shape[0], rows = shape[1], item = block.dtype().itemsize();
    const std::span<const std::byte> bytes = block.array_bytes();
    const bool together = block.order() == 'C';
    return detail::value_from_events([&](Emitter& out) {
        const std::uint64_t length[] = {rows};
        if (together)
            return out.array(
                {block.dtype(), length, 'C',
                 bytes.subspan(static_cast<std::size_t>(line * rows * item), static_cast<std::size_t>(rows * item))});
        out.array({block.dtype(), length, 'C', {}, [&](std::uint64_t first, std::span<std::byte> into) {
                       for (std::size_t at = 0; at < into.size(); at += static_cast<std::size_t>(item), ++first)
                           std::copy_n(bytes.data() + (first * lines + line) * item, item, into.data() + at);
                   }});
    });
}

// The items of line `line` of an array of objects, or of its only one.
std::vector<Value> objects_of_line(const Value& block, std::size_t line) {
    std::vector<Value> all = block.elements();
    if (block.shape().size() < 2) return all;
    const auto lines = static_cast<std::size_t>(block.shape()[0]), rows = static_cast<std::size_t>(block.shape()[1]);
    std::vector<Value> items;
    for (std::size_t row = 0; row < rows; ++row)
        items.push_back(block.order() == 'C' ? all[line * rows + row] : all[row * lines + line]);
    return items;
}

Value list_of(const std::vector<Value>& items, bool with_missing) {
    Value list = Value::list();
    for (const Value& item : items) list.push_back(with_missing && is_missing(item) ? Value() : item);
    return list;
}

Value line_of(const Value& array, std::size_t line, bool with_missing = false) {
    if (array.dtype().has_object()) return list_of(objects_of_line(array, line), with_missing);
    return array.shape().size() < 2 ? array : array_of_line(array, line);
}

// Values by number; a number below 0 is a missing one.
Value chosen(const std::vector<Value>& choices, const std::vector<std::int64_t>& numbers) {
    Value list = Value::list();
    std::vector<Value> written(choices.size());
    std::vector<bool> is_written(choices.size());
    for (const std::int64_t number : numbers) {
        require(number < static_cast<std::int64_t>(choices.size()),
                "category " + std::to_string(number) + " of " + std::to_string(choices.size()));
        if (number < 0) {
            list.push_back(Value());
            continue;
        }
        const auto at = static_cast<std::size_t>(number);
        const Value item = list.push_back(is_written[at] ? written[at] : choices[at]);
        if (!is_written[at]) written[at] = item, is_written[at] = true;
    }
    return list;
}

std::vector<Value> items_of(const Value& column) { return column.as<std::vector<Value>>(); }

// A level of an index may have categories, and those an index of their own: no deeper.
constexpr int deepest = 4;
Value index_labels(const Value& index, std::size_t most, int depth);

Value categories(const Value& dtype, const Value& codes, int depth) {
    const auto numbers = codes.as<std::vector<std::int64_t>>();
    return chosen(items_of(index_labels(dtype["categories"], numbers.size(), depth + 1)), numbers);
}

Value masked(const Value& data, const Value& mask) {
    const auto missing = mask.as<std::vector<bool>>();
    if (std::ranges::find(missing, true) == missing.end()) return data;
    std::vector<Value> items = items_of(data);
    require(items.size() == missing.size(),
            "a mask of " + std::to_string(missing.size()) + " for " + std::to_string(items.size()) + " values");
    for (std::size_t i = 0; i < items.size(); ++i)
        if (missing[i]) items[i] = Value();
    return list_of(items, false);
}

// What stands in a cython extension array: its dtype and its items, in either order.
Value ndarray_backed(const Value& object, std::size_t line, int depth) {
    const Value args = object.args(), state = object.state();
    if (!is_tuple(args, 1) || !is_tuple(state, 2)) return object;
    const std::size_t at = state[0].kind() == Kind::array ? 0 : 1;
    const Value data = state[at], dtype = state[1 - at];
    if (data.kind() != Kind::array) return object;
    const Value type = args[0];
    if (has_class(type, "Categorical")) return categories(dtype, line_of(data, line), depth);
    if (has_class(type, "StringArray")) return line_of(data, line, true);
    for (const char* plain : {"DatetimeArray", "TimedeltaArray", "NumpyExtensionArray", "PandasArray"})
        if (has_class(type, plain)) return line_of(data, line);
    return object;
}

std::uint64_t length_of_range(std::int64_t start, std::int64_t stop, std::int64_t step) {
    require(step != 0, "a range index with step 0");
    const auto distance =
        static_cast<std::uint64_t>(step > 0 ? stop : start) - static_cast<std::uint64_t>(step > 0 ? start : stop);
    const std::uint64_t stride = step > 0 ? static_cast<std::uint64_t>(step) : -static_cast<std::uint64_t>(step);
    return (step > 0 ? stop <= start : stop >= start) ? 0 : (distance - 1) / stride + 1;
}

Value range_of(const Value& index, std::size_t most) {
    const auto start = index["start"].as<std::int64_t>(), step = index["step"].as<std::int64_t>();
    const std::uint64_t length = length_of_range(start, index["stop"].as<std::int64_t>(), step);
    if (length > most)
        throw Error(ErrorCode::limit, "a DataFrame: a range index of " + std::to_string(length) + " labels, where " +
                                          std::to_string(most) + " values are there");
    std::vector<std::int64_t> labels(static_cast<std::size_t>(length));
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = start + static_cast<std::int64_t>(i) * step;
    return Value(labels);
}

Value tuples_of(const Value& levels, const Value& codes, std::size_t most, int depth) {
    require(levels.size() == codes.size() && levels.size() > 0, "an index of " + std::to_string(levels.size()) +
                                                                    " levels and " + std::to_string(codes.size()) +
                                                                    " lists of codes");
    std::vector<std::vector<Value>> columns;
    for (std::size_t i = 0; i < levels.size(); ++i)
        columns.push_back(items_of(
            chosen(items_of(index_labels(levels[i], most, depth + 1)), codes[i].as<std::vector<std::int64_t>>())));
    const std::size_t rows = columns[0].size();
    for (const auto& column : columns) require(column.size() == rows, "an index whose levels are of different lengths");
    // In one go: a label that stands in many rows is one value still.
    return detail::value_from_events([&](Emitter& out) {
        out.begin(Container::list, rows);
        for (std::size_t row = 0; row < rows; ++row) {
            out.begin(Container::tuple, columns.size());
            for (const auto& column : columns) jl::emit(out, column[row]);
            out.end();
        }
        out.end();
    });
}

Value block_column(const Value& values, std::size_t line, int depth) {
    if (values.kind() == Kind::array) return line_of(values, line);
    if (values.kind() != Kind::object) return values;
    if (has_class(values, "__pyx_unpickle_NDArrayBacked")) return ndarray_backed(values, line, depth);
    const auto data = values.get("_data"), mask = values.get("_mask");
    if (data && mask) return masked(*data, *mask);
    const auto codes = values.get("_codes"), dtype = values.get("_dtype");
    if (codes && dtype) return categories(*dtype, *codes, depth);
    return values;
}

Value index_labels(const Value& index, std::size_t most, int depth) {
    require(depth <= deepest, "indexes inside of indexes");
    if (index.kind() == Kind::array) return line_of(index, 0);
    const Value args = index.args();
    if (!is_tuple(args, 2) || args[1].kind() != Kind::dict)
        fail("an index of class " + index.class_name() + ", which is not known");
    const Value parts = args[1];
    if (const auto levels = parts.get("levels")) return tuples_of(*levels, parts["codes"], most, depth);
    if (const auto data = parts.get("data")) return block_column(*data, 0, depth);
    if (parts.contains("start")) return range_of(parts, most);
    fail("an index of class " + (args[0].kind() == Kind::class_ref ? args[0].class_name() : index.class_name()) +
         " without data");
}

}  // namespace

Value column_of(const Value& values, std::size_t line) { return block_column(values, line, 0); }
Value labels_of(const Value& index, std::size_t most) { return index_labels(index, most, 0); }

Value lines_of(const Value& values) {
    if (values.kind() != Kind::object || !has_class(values, "__pyx_unpickle_NDArrayBacked")) return values;
    const Value state = values.state();
    for (std::size_t i = 0; state.kind() == Kind::tuple && i < state.size(); ++i)
        if (state[i].kind() == Kind::array) return state[i];
    return values;
}

}  // namespace jl::pandas
