// Whatever a file holds: a node of a loaded graph, navigated without a type, built by hand, or turned into one.
//
//     jl::Value v = jl::load("from_python.pkl");     auto coef = v["coef_"].as<std::vector<double>>();
//     jl::Value d = jl::Value::dict({{"name", "jl"}, {"xs", std::vector<double>{1, 2}}});   jl::dump(d, "x.pkl");
//
// A Value is a handle: copies refer to the same node; the document lives as long as any handle. Identity and cycles are
// kept and leak nothing. Reading is thread-safe on a document that nobody changes. Errors name the path below the value
// that was asked.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <jl/dtype.hpp>
#include <jl/mapping.hpp>

namespace jl {

class Document;
class Value;

namespace detail {
using RawCell = std::array<std::uint64_t, 2>;
// Emits into a fresh document what `write` tells; reads `value` as `read` wants.
Value value_from_events(const std::function<void(Emitter&)>& write);
void read_value(const Value& value, const std::function<void(const Record&)>& read);
}  // namespace detail

class Value {
  public:
    Value() noexcept = default;  // None
    // Any mapped type: the value as it would be dumped. Arrays are copied.
    template <class T>
    requires(!std::same_as<std::remove_cvref_t<T>, Value> &&
             requires(Emitter & out, const std::remove_cvref_t<T>& v) {
                 Mapping<std::remove_cvref_t<T>>::emit(out, v);
             }) Value(const T& value)
        : Value(detail::value_from_events([&](Emitter& out) { jl::emit(out, value); })) {}

    static Value list(std::initializer_list<Value> items = {});
    static Value tuple(std::initializer_list<Value> items);
    static Value set(std::initializer_list<Value> items = {});
    static Value dict(std::initializer_list<std::pair<Value, Value>> pairs = {});
    static Value object(std::initializer_list<std::pair<std::string, Value>> attributes = {});  // types.SimpleNamespace

    Kind kind() const noexcept;
    std::string_view kind_name() const noexcept { return name_of(kind()); }
    bool is_none() const noexcept { return kind() == Kind::none; }
    explicit operator bool() const noexcept { return !is_none(); }
    // The same node, not only an equal one. None, bools and numbers have no identity: false.
    bool same_as(const Value& other) const noexcept;
    // A number for the node: equal for equal nodes; 0 where there is no identity.
    std::uintptr_t identity() const noexcept;

    // list, tuple, set, frozenset, dict, object (attributes), str and bytes (length), array (first dimension).
    std::size_t size() const;
    // A key of a dict or an attribute of an object; Error{missing} names it. Matrices of scipy.sparse have `shape` and
    // `format` ("csr", …) too, whatever their pickle calls them.
    Value operator[](std::string_view name) const;
    Value operator[](const char* name) const { return (*this)[std::string_view(name)]; }
    // An item of a sequence or object array (flat); an integer key of a dict. Negative counts from the end of a
    // sequence.
    Value operator[](std::int64_t index) const;
    template <std::integral I>
    requires(!std::same_as<I, std::int64_t> && !std::same_as<I, bool> && !std::same_as<I, char>) Value operator[](
        I index) const {
        return (*this)[static_cast<std::int64_t>(index)];
    }
    std::optional<Value> get(std::string_view name) const;
    bool contains(std::string_view name) const { return get(name).has_value(); }
    // "/weights/0/x": keys, attributes and indexes; "/" is the value itself. "%2F" and "%25" stand for '/' and '%' in
    // keys.
    Value at(std::string_view path) const;

    std::vector<std::pair<Value, Value>> items() const;  // of a dict or the attributes of an object, in order
    std::vector<Value> elements() const;                 // of a sequence or object array

    // Objects of classes that are not known, and class references.
    std::string class_name()
        const;            // "module.Name"; of known containers too ("collections.OrderedDict"); empty otherwise
    Value args() const;   // tuple of constructor arguments; None when there are none
    Value state() const;  // what Python would pass to __setstate__; None when there is none
    std::vector<Value> list_items() const;                    // items added to the object
    std::vector<std::pair<Value, Value>> dict_items() const;  // pairs set on the object
    bool is_bytearray() const noexcept;

    // Arrays and numpy scalars; Error{type} otherwise.
    const DType& dtype() const;
    const std::vector<std::uint64_t>& shape() const;
    char order() const;
    std::uint64_t nbytes() const;
    std::optional<std::uint64_t> file_offset() const;  // of the payload in the decoded file; none where it is packed
    std::span<const std::byte> array_bytes() const;    // in order() and dtype(); empty for object arrays
    // Whether the payload is still in the file (Fallback::on_demand); array_bytes() would bring the whole into memory.
    bool is_deferred() const;
    // Part of array_bytes(), from byte `first`; no more of a deferred array comes into memory. Error{range} beyond
    // nbytes().
    void read_array(std::uint64_t first, std::span<std::byte> into) const;
    // Bytes of a str, bytes, bytearray; of an integer of any size (two's complement, least significant first).
    std::span<const std::byte> raw_bytes() const;
    std::string number_text() const;  // numbers and numpy scalars, as Python prints them

    // The value as a T: Error names path, kind and reason.
    template <class T>
    T as() const {
        auto result = detail::made<T>();
        detail::read_value(*this, [&](const Record& record) { jl::read(record, result); });
        return result;
    }

    // Building. A value of another document is copied into this one (identity inside it kept); one of this document is
    // referred to. Returned is the handle inside this document. list, set: push_back; dict, object: set. Error{type}
    // otherwise.
    Value push_back(const Value& item);
    template <std::convertible_to<std::string_view> Name>
    Value set(const Name& name, const Value& value) {
        return set_named(name, value);
    }
    Value set(const Value& key, const Value& value);

    // Readable and bounded: nested values in Python's notation, long ones cut with "…".
    std::string str(std::size_t max_characters = 2'000) const;
    friend std::ostream& operator<<(std::ostream& out, const Value& value);

  private:
    friend struct ValueAccess;
    Value set_named(std::string_view name, const Value& value);
    Value(std::shared_ptr<Document> document, detail::RawCell cell) noexcept
        : document_(std::move(document)), cell_(cell) {}

    std::shared_ptr<Document> document_;
    detail::RawCell cell_{};
};

template <>
struct Mapping<Value> {
    static void emit(Emitter& out, const Value& value);
    static void read(const Record& in, Value& value);
};

}  // namespace jl
