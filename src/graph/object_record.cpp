#include <algorithm>
#include <string>

#include <jl/detail/object_record.hpp>

#include "graph/loading.hpp"

namespace jl::detail {

bool is_of_class(const Record& in, std::string_view python_class) {
    const auto is_it = [&](std::string_view name) {
        return std::ranges::equal(name, python_class, [](char a, char b) { return a == (b == ':' ? '.' : b); });
    };
    return is_it(in.class_name()) || is_it(qualified_class(in.cell()));
}

void check_class(const Record& in, std::string_view python_class) {
    if (!is_of_class(in, python_class)) in.fail_kind("an object of class " + std::string(python_class));
}

unsigned version_of(const Record& in, unsigned newest) {
    const auto written = in.field(version_attribute);
    if (!written) return 0;
    const auto version = written->integer<std::uint64_t>();
    if (version > newest)
        in.fail(ErrorCode::version, "the object was written in version " + std::to_string(version) +
                                        " of its type, this program knows versions up to " + std::to_string(newest));
    return static_cast<unsigned>(version);
}

std::optional<PositionalFields> PositionalFields::of_named_tuple(const Record& in) {
    const bool is_one = in.kind() == Kind::object && in.size() == 0 && in.argument_count() > 0;
    return is_one ? std::optional(PositionalFields(in)) : std::nullopt;
}

std::optional<PositionalFields> PositionalFields::find(const Record& in, PythonForm form) {
    PositionalFields fields(in);
    if (form == PythonForm::arguments) return in.argument_count() > 0 ? std::optional(fields) : std::nullopt;
    fields.state_ = in.state();
    return fields.state_ && fields.state_->is_sequence() ? std::optional(fields) : std::nullopt;
}

}  // namespace jl::detail
