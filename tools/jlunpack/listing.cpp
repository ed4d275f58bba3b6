#include "jlunpack/listing.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include <jl/mapping_dtype.hpp>

#include "jlunpack/array_summary.hpp"
#include "jlunpack/table.hpp"
#include "shell/printable.hpp"
#include "shell/scalar.hpp"
#include "shell/shape.hpp"
#include "shell/traversal.hpp"

namespace jl::unpack {
namespace {

constexpr std::size_t shown_children = 24;
constexpr std::size_t shown_inline = 8;
constexpr std::size_t longest_text = 60;
constexpr std::size_t deepest = 24;

struct Child {
    std::string label;  // as it is shown
    std::string step;   // of the path
    Value value;
};

std::string count_text(std::size_t count) { return " (" + std::to_string(count) + ")"; }

std::string named(const Value& value, const std::string& kind) {
    const std::string name = value.class_name();
    return name.empty() ? kind : kind + " " + shell::printable(name);
}

std::string type_text(const DType& dtype) {
    const std::string type = dtype.is_structure() ? dtype.descr() : dtype.str();
    return shell::printable(type.size() > 4 * longest_text ? dtype.str() : type);
}

std::optional<DType> dtype_of(const Value& value) {
    if (value.kind() != Kind::object || value.class_name() != "numpy.dtype") return std::nullopt;
    try {
        return value.as<DType>();
    } catch (const Error&) {
        return std::nullopt;  // its parts contradict one another: shown as they are
    }
}

std::string table_title(const Value& value, const DataFrame& table) {
    return named(value, "object") + " " + shell::shape_text({{table.rows(), table.names().size()}});
}

// Of a matrix of scipy.sparse, whose pickle has no format and another name for the shape.
bool is_sparse(const Value& object) {
    return object.class_name().starts_with("scipy.sparse.") && object.contains("format") && object.contains("_shape");
}

std::string object_title(const Value& value) {
    std::string title = named(value, "object");
    if (!is_sparse(value)) return title;
    return title + " " + shell::printable(value["_shape"].str(longest_text)) + " " +
           std::string(shell::characters(value["format"]));
}

std::string array_line(const Value& array, Details details) {
    const DType& dtype = array.dtype();
    std::string line = named(array, "array") + " " + type_text(dtype) + " " + shell::shape_text(array.shape()) +
                       (array.order() == 'F' ? " F " : " ") + shell::size_text(array.nbytes());
    if (const std::string items = few_items(array); !items.empty()) line += " " + items;
    if (details == Details::none) return line;
    const std::string range = statistics(array);
    return range.empty() ? line : line + " " + range;
}

std::string leaf_line(const Value& value, Details details) {
    switch (value.kind()) {
        case Kind::none:
            return "None";
        case Kind::text:
            return "str " + shell::quoted(shell::characters(value), longest_text);
        case Kind::bytes:
            return (value.is_bytearray() ? "bytearray" : "bytes") + count_text(value.size()) + " " +
                   shell::quoted_bytes(shell::characters(value), longest_text / 3);
        case Kind::class_ref:
            return "class " + shell::printable(value.class_name());
        case Kind::array:
            return array_line(value, details);
        case Kind::scalar:
            return "scalar " + value.dtype().str() + " " +
                   shell::printable(value.number_text().substr(0, 4 * longest_text));
        default: {
            const std::string number = value.number_text();
            const std::string kind(value.kind_name());
            return kind + " " + (number.size() <= longest_text ? number : number.substr(0, longest_text) + "…");
        }
    }
}

bool is_short(const Value& value) {
    const Kind kind = value.kind();
    return kind <= Kind::complex || (kind == Kind::text && value.size() <= longest_text / 3) || kind == Kind::scalar;
}

std::string short_text(const Value& value) {
    if (value.kind() == Kind::none) return "None";
    if (value.kind() == Kind::text) return shell::quoted(shell::characters(value), longest_text);
    return shell::printable(value.number_text().substr(0, longest_text));
}

class Listing {
  public:
    explicit Listing(Details details) : details_(details) {}

    std::string run(const Value& root) {
        node(root, "/", "", "");
        return std::move(text_);
    }

  private:
    // Recursion is bounded by `deepest`.
    void node(const Value& value, const std::string& path, const std::string& label, const std::string& indent) {
        text_ += label;
        const Kind kind = value.kind();
        const bool container = kind >= Kind::list && kind <= Kind::dict;
        const bool parent = container || kind == Kind::object || (kind == Kind::array && value.dtype().has_object());
        const bool shareable = parent || kind == Kind::array;
        if (shareable && value.identity() != 0 && !(kind == Kind::tuple && value.size() == 0)) {
            const auto [known, first] = seen_.emplace(value.identity(), path);
            if (!first) return line("the same as " + shell::printable(known->second));
        }
        if (!parent) return line(leaf_line(value, details_));
        if (const auto dtype = dtype_of(value)) return line(named(value, "object") + " " + type_text(*dtype));
        const auto table = table_of(value);
        const std::string title = table                  ? table_title(value, *table)
                                  : kind == Kind::object ? object_title(value)
                                  : kind == Kind::array
                                      ? array_line(value, details_)
                                      : named(value, std::string(value.kind_name())) + count_text(value.size());
        if (container && kind != Kind::dict && inlined(title, value)) return;
        line(title);
        std::size_t hidden = 0;
        const std::vector<Child> shown = table ? columns_of(*table, hidden) : children_of(value, hidden);
        children(shown, hidden, path, indent);
    }

    // Numbers and short texts stand behind the title.
    bool inlined(const std::string& title, const Value& value) {
        const std::size_t count = std::min(value.size(), shown_inline);
        std::string items;
        for (std::size_t i = 0; i < std::min(value.size(), shown_children); ++i) {
            const Value item = value[i];
            if (!is_short(item)) return false;
            if (i < count) items += (i > 0 ? ", " : "") + short_text(item);
        }
        line(title + (items.empty() ? "" : " [" + items + (value.size() > count ? ", …]" : "]")));
        return true;
    }

    void children(const std::vector<Child>& shown, std::size_t hidden, const std::string& path,
                  const std::string& indent) {
        if (shown.empty() && hidden == 0) return;
        if (path.size() > 4096 || indent.size() > 6 * deepest) {  // a level of indent has 4 or 6 bytes
            text_ += indent + "└── …\n";
            return;
        }
        for (std::size_t i = 0; i < shown.size(); ++i) {
            const bool last = i + 1 == shown.size() && hidden == 0;
            const std::string below = (path == "/" ? "" : path) + (shown[i].step.empty() ? "" : "/" + shown[i].step);
            node(shown[i].value, below.empty() ? "/" : below, indent + (last ? "└── " : "├── ") + shown[i].label + ": ",
                 indent + (last ? "    " : "│   "));
        }
        if (hidden > 0) text_ += indent + "└── … " + std::to_string(hidden) + " more\n";
    }

    static std::vector<Child> children_of(const Value& value, std::size_t& hidden) {
        std::vector<Child> result;
        if (value.kind() == Kind::dict) {
            add_pairs(result, value.items(), hidden);
        } else if (value.kind() == Kind::object) {
            add_object(result, value, hidden);
        } else {
            const std::size_t count = shown_of(value.size());
            for (std::size_t i = 0; i < count; ++i) result.push_back({std::to_string(i), std::to_string(i), value[i]});
            hidden += value.size() - count;
        }
        return result;
    }

    static std::vector<Child> columns_of(const DataFrame& table, std::size_t& hidden) {
        std::vector<Child> result{{"index", "index", table.index()}};
        const std::size_t count = shown_of(table.names().size());
        for (std::size_t i = 0; i < count; ++i) {
            const Value& name = table.names()[i];
            const std::string label = is_short(name) ? short_text(name) : shell::printable(name.str(longest_text));
            result.push_back({label, shell::escaped_step(shell::step_to(name, i)), table.column(i)});
        }
        hidden += table.names().size() - count;
        return result;
    }

    // One more is shown rather than "1 more".
    static std::size_t shown_of(std::size_t count) { return count <= shown_children + 1 ? count : shown_children; }

    static void add_pairs(std::vector<Child>& result, const std::vector<std::pair<Value, Value>>& pairs,
                          std::size_t& hidden) {
        const std::size_t count = shown_of(pairs.size());
        for (std::size_t i = 0; i < count; ++i) {
            const auto& [key, value] = pairs[i];
            const std::string label = is_short(key) ? short_text(key)
                                      : key.kind() == Kind::tuple || key.kind() == Kind::frozenset
                                          ? shell::printable(key.str(longest_text))
                                          : leaf_line(key, Details::none);
            result.push_back({label, shell::escaped_step(shell::step_to(key, i)), value});
        }
        hidden += pairs.size() - count;
    }

    static void add_object(std::vector<Child>& result, const Value& object, std::size_t& hidden) {
        if (const Value args = object.args(); args.kind() == Kind::tuple && args.size() > 0)
            result.push_back({"args", "args", args});
        const std::vector<Value> items = object.list_items();
        for (std::size_t i = 0; i < shown_of(items.size()); ++i)
            result.push_back({std::to_string(i), std::to_string(i), items[i]});
        hidden += items.size() - shown_of(items.size());
        add_pairs(result, object.dict_items(), hidden);
        const Value state = object.state();
        if (state.kind() == Kind::dict)
            add_attributes(result, object, state, hidden);
        else if (!state.is_none())
            result.push_back({"state", "state", state});
    }

    static void add_attributes(std::vector<Child>& result, const Value& object, const Value& state,
                               std::size_t& hidden) {
        const bool sparse = is_sparse(object);
        const std::size_t before = result.size();
        const auto pairs = state.items();
        add_pairs(result, pairs, hidden);
        for (std::size_t i = before; i < result.size(); ++i) {
            if (pairs[i - before].first.kind() != Kind::text) continue;
            if (sparse && result[i].step == "_shape") result[i].step = "shape";
            result[i].label = "." + shell::printable(result[i].step);
        }
    }

    void line(const std::string& text) { text_ += text + "\n"; }

    Details details_;
    std::string text_;
    std::unordered_map<std::uintptr_t, std::string> seen_;
};

}  // namespace

std::string listing(const Value& root, Details details) { return Listing(details).run(root); }

}  // namespace jl::unpack
