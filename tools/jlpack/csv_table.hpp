// Comma-separated values (RFC 4180): cells by row, quotes taken off.
//
//     CsvTable table = parse_csv(text);   table.cell(row, column)
//
// Every row has as many cells as the first one, else Error{format} with the line; empty lines are no rows.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace jl::pack {

class CsvTable {
  public:
    std::size_t rows() const noexcept { return columns_ == 0 ? 0 : cells_.size() / columns_; }
    std::size_t columns() const noexcept { return columns_; }
    std::string_view cell(std::size_t row, std::size_t column) const { return cells_[row * columns_ + column]; }

  private:
    friend class CsvParser;
    std::size_t columns_ = 0;
    std::vector<std::string_view> cells_;  // of the text, or …
    std::deque<std::string> unquoted_;     // … of these
};

// `text` is UTF-8 and outlives the table.
CsvTable parse_csv(std::string_view text);

}  // namespace jl::pack
