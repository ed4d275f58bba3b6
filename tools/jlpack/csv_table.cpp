#include "jlpack/csv_table.hpp"

#include <jl/error.hpp>

#include "shell/printable.hpp"

namespace jl::pack {

class CsvParser {
  public:
    explicit CsvParser(std::string_view text) : text_(text) {
        if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    }

    CsvTable run() {
        while (at_ < text_.size()) {
            if (!skip_empty_line()) row();
        }
        return std::move(table_);
    }

  private:
    [[noreturn]] void fail(const std::string& what) const {
        throw Error(ErrorCode::format, "line " + std::to_string(line_) + ": " + what);
    }
    bool at_line_end() const {
        return at_ == text_.size() || text_[at_] == '\n' || text_.substr(at_).starts_with("\r\n");
    }
    void skip_line_end() {
        if (at_ < text_.size() && text_[at_] == '\r') ++at_;
        if (at_ < text_.size()) ++at_;
        ++line_;
    }
    bool skip_empty_line() {
        if (!at_line_end()) return false;
        skip_line_end();
        return true;
    }

    void row() {
        const std::size_t begin = table_.cells_.size();
        const std::size_t first_line = line_;
        while (true) {
            table_.cells_.push_back(at_ < text_.size() && text_[at_] == '"' ? quoted_cell() : plain_cell());
            if (at_line_end()) break;
            ++at_;  // the comma
        }
        const std::size_t count = table_.cells_.size() - begin;
        if (table_.columns_ == 0) table_.columns_ = count;
        if (count != table_.columns_) {
            line_ = first_line;
            fail(std::to_string(count) + " cells are there, the first row has " + std::to_string(table_.columns_));
        }
        skip_line_end();
    }

    std::string_view plain_cell() {
        const std::size_t begin = at_;
        while (!at_line_end() && text_[at_] != ',') next();
        return text_.substr(begin, at_ - begin);
    }

    std::string_view quoted_cell() {
        const std::size_t first_line = line_;
        std::string& cell = table_.unquoted_.emplace_back();
        for (++at_; at_ < text_.size();) {
            if (text_[at_] == '"' && !text_.substr(++at_).starts_with('"')) {
                if (!at_line_end() && text_[at_] != ',') fail("characters follow the closing quote of a cell");
                return cell;
            }
            if (text_[at_] == '\n') ++line_;
            const std::size_t begin = at_;
            next();
            cell += text_.substr(begin, at_ - begin);
        }
        line_ = first_line;
        fail("the quote that opens here is never closed");
    }

    void next() {
        const shell::Character c = shell::first_character(text_.substr(at_));
        if (!c.valid) fail("the text is not UTF-8");
        at_ += c.length;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    CsvTable table_;
};

CsvTable parse_csv(std::string_view text) { return CsvParser(text).run(); }

}  // namespace jl::pack
