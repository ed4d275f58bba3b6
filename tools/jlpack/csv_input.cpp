// .csv: a table with a head becomes a dict of columns, one of numbers alone a 2-d array, any other a list of rows.
//
// The first row is a head when none of its cells is empty or a number. A column of integers is int64, one of numbers
// float64 (an empty cell is nan), any other a list of str.
#include <algorithm>
#include <limits>
#include <unordered_set>

#include <jl/error.hpp>

#include "jlpack/csv_table.hpp"
#include "jlpack/input.hpp"

namespace jl::pack {
namespace {

enum class Type : std::uint8_t { integer, real, text };

std::string_view trimmed(std::string_view cell) {
    const std::size_t begin = cell.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return cell.substr(begin, cell.find_last_not_of(" \t") - begin + 1);
}

Type type_of(std::string_view cell) {
    if (cell.empty()) return Type::real;
    if (shell::parse_integer(cell)) return Type::integer;
    return shell::parse_real(cell) ? Type::real : Type::text;
}

double real_of(std::string_view cell) {
    return cell.empty() ? std::numeric_limits<double>::quiet_NaN() : *shell::parse_real(cell);
}

class CsvInput final : public Input {
  public:
    explicit CsvInput(shell::MappedFile file) : file_(std::move(file)), table_(parse_csv(file_.text())) {
        if (table_.rows() == 0) throw Error(ErrorCode::format, "the table has no rows");
        first_ = has_head() ? 1 : 0;
        for (std::size_t column = 0; column < table_.columns(); ++column) types_.push_back(column_type(column));
        if (first_ == 1) require_names();
    }

    void emit(Emitter& out) const override {
        if (first_ == 1) return emit_columns(out);
        const Type widest = *std::max_element(types_.begin(), types_.end());
        if (widest == Type::text) return emit_rows(out);
        const std::uint64_t shape[] = {rows(), table_.columns()};
        emit_numbers(out, widest, shape, [this](std::uint64_t i) {
            return cell(static_cast<std::size_t>(i) / table_.columns(), static_cast<std::size_t>(i) % table_.columns());
        });
    }

  private:
    std::size_t rows() const { return table_.rows() - first_; }
    std::string_view cell(std::size_t row, std::size_t column) const {
        return trimmed(table_.cell(first_ + row, column));
    }

    bool has_head() const {
        for (std::size_t column = 0; column < table_.columns(); ++column)
            if (type_of(trimmed(table_.cell(0, column))) != Type::text) return false;
        return true;
    }
    // A column without any number is text.
    Type column_type(std::size_t column) const {
        Type type = Type::integer;
        bool any = false;
        for (std::size_t row = 0; row < rows() && type != Type::text; ++row) {
            any = any || !cell(row, column).empty();
            type = std::max(type, type_of(cell(row, column)));
        }
        return any ? type : Type::text;
    }
    void require_names() const {
        std::unordered_set<std::string_view> names;
        for (std::size_t column = 0; column < table_.columns(); ++column)
            if (!names.insert(trimmed(table_.cell(0, column))).second)
                throw Error(ErrorCode::format,
                            "line 1: two columns have the name '" + std::string(trimmed(table_.cell(0, column))) + "'");
    }

    void emit_columns(Emitter& out) const {
        out.begin(Container::dict, table_.columns());
        for (std::size_t column = 0; column < table_.columns(); ++column) {
            out.text(trimmed(table_.cell(0, column)));
            if (types_[column] == Type::text) {
                out.begin(Container::list, rows());
                for (std::size_t row = 0; row < rows(); ++row) out.text(table_.cell(first_ + row, column));
                out.end();
                continue;
            }
            const std::uint64_t shape[] = {rows()};
            emit_numbers(out, types_[column], shape,
                         [&](std::uint64_t row) { return cell(static_cast<std::size_t>(row), column); });
        }
        out.end();
    }

    template <class CellAt>
    static void emit_numbers(Emitter& out, Type type, std::span<const std::uint64_t> shape, CellAt cell_at) {
        const auto fill = [&](std::uint64_t first, std::span<std::byte> items) {
            for (std::size_t at = 0; at < items.size(); at += 8, ++first) {
                const std::string_view text = cell_at(first);
                const auto raw = type == Type::integer
                                     ? std::bit_cast<std::array<std::byte, 8>>(*shell::parse_integer(text))
                                     : std::bit_cast<std::array<std::byte, 8>>(real_of(text));
                std::copy(raw.begin(), raw.end(), items.begin() + static_cast<std::ptrdiff_t>(at));
            }
        };
        const DType dtype = type == Type::integer ? DType::of<std::int64_t>() : DType::of<double>();
        out.array({dtype, shape, 'C', {}, fill});
    }

    void emit_rows(Emitter& out) const {
        out.begin(Container::list, rows());
        for (std::size_t row = 0; row < rows(); ++row) {
            out.begin(Container::list, table_.columns());
            for (std::size_t column = 0; column < table_.columns(); ++column) emit_cell(out, row, column);
            out.end();
        }
        out.end();
    }
    void emit_cell(Emitter& out, std::size_t row, std::size_t column) const {
        if (types_[column] == Type::integer) return out.integer(*shell::parse_integer(cell(row, column)));
        if (types_[column] == Type::real) return out.real(real_of(cell(row, column)));
        out.text(table_.cell(row, column));
    }

    shell::MappedFile file_;
    CsvTable table_;
    std::size_t first_ = 0;  // row of the first values
    std::vector<Type> types_;
};

}  // namespace

std::unique_ptr<Input> open_csv(shell::MappedFile file) { return std::make_unique<CsvInput>(std::move(file)); }

}  // namespace jl::pack
