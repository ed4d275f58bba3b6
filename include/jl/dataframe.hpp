// DataFrames and Series of pandas, taken apart into columns.
//
//     const auto table = jl::load<jl::DataFrame>("table.pkl");           // or jl::DataFrame(some_value)
//     auto x = table["x"].as<std::vector<double>>();                     // or xt::xarray<double>, Eigen::VectorXd, …
//     auto names = table["name"].as<std::vector<std::optional<std::string>>>();
//
// Columns are arrays of one dimension where pandas holds numbers, bools or times (a time zone is dropped: pandas keeps
// UTC), else lists: strings and nullable numbers with None for what is missing, categories by their values, objects as
// they are. A column of an extension type that is none of these is the object that pandas pickled.
// A DataFrame is a plain value, dumped as the object that it came from. Reading one is thread-safe.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include <jl/value.hpp>

namespace jl {

class DataFrame {
  public:
    DataFrame() = default;  // no columns, no rows
    // Error{type} unless `object` is a DataFrame or Series, or of a class derived from one; Error{format} where its
    // parts contradict one another.
    explicit DataFrame(Value object);

    // Labels of the columns in order: text in most tables, tuples where there are several levels. A Series has one,
    // its name.
    const std::vector<Value>& names() const noexcept { return names_; }
    std::size_t rows() const noexcept { return rows_; }
    // The column with that name, the first of several; Error{missing} names it. Each call makes a copy.
    Value operator[](std::string_view name) const;
    Value column(std::size_t position) const;  // Error{missing} beyond the last
    // Labels of the rows: an array or a list, as a column; tuples where there are several levels.
    Value index() const;

    const Value& object() const noexcept { return object_; }  // what pandas pickled

  private:
    struct Place {
        std::size_t block;
        std::size_t line;  // of the block
    };
    void take_blocks(const Value& manager);
    void add_block(const Value& values, const Value& places);

    Value object_;
    Value index_;
    std::vector<Value> names_;
    std::vector<Value> blocks_;
    std::vector<Place> places_;  // of each column
    std::size_t rows_ = 0;
};

template <>
struct Mapping<DataFrame> {
    static void emit(Emitter& out, const DataFrame& frame) { jl::emit(out, frame.object()); }
    static void read(const Record& in, DataFrame& frame) {
        Value object;
        jl::read(in, object);
        frame = DataFrame(std::move(object));
    }
};

}  // namespace jl
