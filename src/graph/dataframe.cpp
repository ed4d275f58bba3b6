// pandas keeps a table as blocks: arrays of several columns of one type, column by column, and for each block the
// positions of its columns. Since 1.3 a DataFrame pickles as calls with the blocks, a Series and everything older as a
// state with them.
#include <cmath>
#include <limits>
#include <string>

#include <jl/dataframe.hpp>
#include <jl/limits.hpp>
#include <jl/mapping_containers.hpp>

#include "graph/pandas_columns.hpp"

namespace jl {

using pandas::is_tuple, pandas::labels_of, pandas::lines_of, pandas::require;

namespace {

constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

std::size_t dimensions(const Value& values) { return values.kind() == Kind::array ? values.shape().size() : 1; }

// Positions of `count` columns: a slice, or an array of numbers.
std::vector<std::int64_t> positions_of(const Value& places, std::size_t count) {
    if (!pandas::has_class(places, "slice")) return places.as<std::vector<std::int64_t>>();
    const Value args = places.args();
    require(is_tuple(args, 3), "a block whose columns are " + places.str(60));
    const auto start = args[0].as<std::int64_t>();
    const std::int64_t step = args[2].is_none() ? 1 : args[2].as<std::int64_t>();
    require(std::abs(static_cast<double>(start)) < 1e15 && std::abs(static_cast<double>(step)) < 1e15,
            "a block whose columns are " + places.str(60));
    std::vector<std::int64_t> positions;
    for (std::size_t i = 0; i < count; ++i) positions.push_back(start + static_cast<std::int64_t>(i) * step);
    return positions;
}

}  // namespace

DataFrame::DataFrame(Value object) : object_(std::move(object)) {
    const auto kind = object_.kind() == Kind::object ? object_.get("_typ") : std::nullopt;
    const std::string type = kind && kind->kind() == Kind::text ? kind->as<std::string>() : "";
    if (type != "dataframe" && type != "series")
        throw Error(ErrorCode::type, "a DataFrame or Series of pandas is needed, a value of kind " +
                                         std::string(object_.kind_name()) + " " + object_.class_name() + " is there");
    const auto manager = object_.get("_mgr") ? object_.get("_mgr") : object_.get("_data");
    require(manager.has_value(), "it has no _mgr");
    take_blocks(*manager);
    if (type == "series") names_ = {object_.get("_name").value_or(Value())};
    require(names_.size() == places_.size(),
            std::to_string(places_.size()) + " columns with " + std::to_string(names_.size()) + " names");
    for (std::size_t i = 0; i < places_.size(); ++i)
        require(places_[i].block != nowhere, "no block has column " + std::to_string(i));
}

void DataFrame::take_blocks(const Value& manager) {
    Value axes;
    std::vector<std::pair<Value, Value>> blocks;  // values, positions
    if (const Value args = manager.args(); is_tuple(args, 2)) {
        axes = args[1];
        for (const Value& block : args[0].elements()) {
            const Value parts = block.args();
            require(is_tuple(parts, 2), "a block of class " + block.class_name() + ", which is not known");
            blocks.emplace_back(parts[0], parts[1]);
        }
    } else {
        const Value state = manager.state();
        require(is_tuple(state, 4) && state[3].kind() == Kind::dict && state[3].contains("0.14.1"),
                "a manager of class " + manager.class_name() + ", which is not known");
        axes = state[3]["0.14.1"]["axes"];
        for (const Value& block : state[3]["0.14.1"]["blocks"].elements())
            blocks.emplace_back(block["values"], block["mgr_locs"]);
    }
    const bool is_series = axes.size() == 1;
    require(is_series || axes.size() == 2, std::to_string(axes.size()) + " axes");
    std::uint64_t most = Limits::untrusted().items;
    for (const auto& [values, positions] : blocks) {
        const Value lines = lines_of(values);
        if (lines.kind() == Kind::array) most = std::max(most, lines.nbytes());
    }
    index_ = labels_of(axes[is_series ? 0 : 1], static_cast<std::size_t>(most));
    rows_ = index_.size();
    if (is_series) {
        require(blocks.size() == 1, "a Series of " + std::to_string(blocks.size()) + " blocks");
        blocks_.push_back(blocks[0].first);
        places_.push_back({0, 0});
        return;
    }
    names_ = labels_of(axes[0], static_cast<std::size_t>(most)).as<std::vector<Value>>();
    places_.assign(names_.size(), {nowhere, 0});
    for (const auto& [values, positions] : blocks) add_block(values, positions);
}

void DataFrame::add_block(const Value& values, const Value& places) {
    const Value lines = lines_of(values);
    const bool several = dimensions(lines) == 2;
    require(dimensions(lines) <= 2, "a block of " + std::to_string(dimensions(lines)) + " dimensions");
    const std::size_t count = several ? static_cast<std::size_t>(lines.shape()[0]) : 1;
    const bool is_array = lines.kind() == Kind::array;
    require(!is_array || (lines.shape().size() > 0 && lines.shape().back() == rows_),
            "a block of another length than the index of " + std::to_string(rows_));
    require(count <= names_.size(),
            "a block of " + std::to_string(count) + " columns among " + std::to_string(names_.size()));
    const std::vector<std::int64_t> positions = positions_of(places, count);
    require(positions.size() == count,
            "a block of " + std::to_string(count) + " columns at " + std::to_string(positions.size()) + " positions");
    for (std::size_t line = 0; line < count; ++line) {
        const auto at = static_cast<std::size_t>(positions[line]);
        require(at < places_.size(),
                "a block for column " + std::to_string(positions[line]) + " of " + std::to_string(places_.size()));
        require(places_[at].block == nowhere, "two blocks for column " + std::to_string(at));
        places_[at] = {blocks_.size(), line};
    }
    blocks_.push_back(values);
}

Value DataFrame::column(std::size_t position) const {
    if (position >= places_.size())
        throw Error(ErrorCode::missing, "there is no column " + std::to_string(position) + " in a DataFrame of " +
                                            std::to_string(places_.size()));
    return pandas::column_of(blocks_[places_[position].block], places_[position].line);
}

Value DataFrame::operator[](std::string_view name) const {
    for (std::size_t i = 0; i < names_.size(); ++i)
        if (names_[i].kind() == Kind::text && names_[i].as<std::string>() == name) return column(i);
    throw Error(ErrorCode::missing, "there is no column '" + std::string(name) + "' among the " +
                                        std::to_string(names_.size()) + " of the DataFrame");
}

Value DataFrame::index() const { return index_; }

}  // namespace jl
