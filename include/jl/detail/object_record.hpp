// What an object of a file says of itself: its class, its version, and its fields where they have no names.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <jl/record.hpp>
#include <jl/schema.hpp>

namespace jl::detail {

inline constexpr std::string_view type_attribute = "__jl_type__";
inline constexpr std::string_view version_attribute = "__jl_version__";

// Whether `in` is an object of the class, or the class itself.
bool is_of_class(const Record& in, std::string_view python_class);
// Error{type} unless it is.
void check_class(const Record& in, std::string_view python_class);

// Of an object or dict, 0 where it says none. Error{version} above `newest`.
unsigned version_of(const Record& in, unsigned newest);

// Fields by position. Empty where `in` names its fields after all: a dict, or an object that has attributes.
class PositionalFields {
  public:
    static std::optional<PositionalFields> find(const Record& in, PythonForm form);
    // Of an object made from arguments that has no attributes.
    static std::optional<PositionalFields> of_named_tuple(const Record& in);
    std::size_t size() const { return state_ ? state_->size() : in_->argument_count(); }
    Record operator[](std::size_t index) const { return state_ ? state_->item(index) : in_->argument(index); }

  private:
    explicit PositionalFields(const Record& in) : in_(&in) {}
    const Record* in_;
    std::optional<Record> state_;  // PythonForm::values
};

}  // namespace jl::detail
