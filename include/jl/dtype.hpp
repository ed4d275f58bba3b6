// The element type of an array, as numpy describes it.
//
//     jl::DType::of<double>().str() == "<f8"      jl::DType("<M8[ns]").kind() == 'M'
//
// A value: copies, compares. Byte order, sizes, field offsets (bytes) are numpy's.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace jl {

struct DTypeField;

class DType {
  public:
    DType() = default;  // 1-byte void
    // From numpy's short form: "<f8", ">i4", "|b1", "|S5", "<U4", "|V12", "<M8[ns]", "<m8[25s]", "|O". Error{format}
    // otherwise. As in numpy, "=", "|" and no sign at all mean this machine's order, and an item has less than 2 GiB.
    explicit DType(std::string_view text);
    // kind: one of b i u f c S U V M m O. itemsize in bytes (U: 4 a character). Native byte order.
    // Error{format} for a size that the kind does not have.
    DType(char kind, std::uint64_t itemsize);
    // A structure; fields in order of declaration, offsets in bytes below itemsize; aligned: numpy's align flag.
    // Error{format} for a field that reaches over itemsize and for two fields of one name, Error{limit} for more than
    // 100 structures in one another or 65 536 fields in all.
    static DType structure(std::vector<DTypeField> fields, std::uint64_t itemsize, bool aligned);
    static DType subarray(DType element, std::vector<std::uint64_t> shape);
    template <class T>
    static DType of();  // bool, integers, floating point, complex

    char kind() const noexcept { return kind_; }
    std::uint64_t itemsize() const noexcept { return itemsize_; }
    bool big_endian() const noexcept { return big_endian_; }
    bool aligned() const noexcept { return aligned_; }
    bool is_structure() const noexcept { return fields_ && !fields_->empty(); }
    bool is_subarray() const noexcept { return element_ != nullptr; }
    bool has_object() const noexcept { return has_object_; }  // contains references to Python objects anywhere
    bool is_native() const noexcept { return !foreign_; }     // no part needs a byte swap here
    const std::vector<DTypeField>& fields() const noexcept;
    const DTypeField* field(std::string_view name) const noexcept;
    const DType& element() const noexcept { return *element_; }  // precondition: is_subarray()
    const std::vector<std::uint64_t>& subshape() const noexcept { return subshape_; }
    const std::string& unit() const noexcept { return unit_; }        // M, m: "ns", "generic"; else empty
    std::int64_t unit_count() const noexcept { return unit_count_; }  // M, m: 25 in "[25s]"

    DType native() const;                     // the same with every part in this machine's order
    DType with_order(bool big_endian) const;  // parts that have an order, this level only
    DType with_unit(std::string unit, std::int64_t count) const;
    std::string str() const;  // "<f8"; structures and sub-arrays: "|V24"
    // Whether numpy's descr list can say it: no fields overlap or go back, here and in every part.
    bool has_descr_list() const noexcept;
    // str(), or numpy's descr list as JSON: [["x", "<f8"], ["y", "<i4", [2, 3]]], padding as ["", "|V4"], a title as
    // ["title", "x"] for "x". No such list can say that fields overlap or go back: they give numpy's form {"names":
    // ...}.
    std::string descr() const;

    friend bool operator==(const DType&, const DType&);

  private:
    bool has_order() const noexcept;
    void set_order(bool big_endian) noexcept;
    void set_unit_text(std::string_view rest, std::string_view text);
    void count_in(const DType& part);

    char kind_ = 'V';
    bool big_endian_ = false;
    bool aligned_ = false;
    bool has_object_ = false;
    bool foreign_ = false;     // some part is in the other byte order
    std::uint8_t depth_ = 0;   // structures and sub-arrays in one another
    std::uint32_t parts_ = 1;  // parts in all, shared ones counted each time
    std::uint64_t itemsize_ = 1;
    std::int64_t unit_count_ = 1;
    std::string unit_;
    std::shared_ptr<const std::vector<DTypeField>> fields_;
    std::shared_ptr<const DType> element_;
    std::vector<std::uint64_t> subshape_;
};

struct DTypeField {
    std::string name;
    DType type;
    std::uint64_t offset = 0;
    std::string title = {};  // numpy's second name of a field; empty: none
    friend bool operator==(const DTypeField&, const DTypeField&) = default;
};

template <class T>
inline constexpr bool is_complex = false;
template <class T>
inline constexpr bool is_complex<std::complex<T>> = true;

// Element types that are array elements as they stand.
template <class T>
concept ArrayElement = (std::is_arithmetic_v<T> && !std::is_same_v<T, wchar_t> && !std::is_same_v<T, char8_t> &&
                        !std::is_same_v<T, char16_t> && !std::is_same_v<T, char32_t>) ||
                       is_complex<T>;

template <class T>
DType DType::of() {
    static_assert(ArrayElement<T>, "an array element is bool, an integer, a floating point or a complex number");
    if constexpr (std::is_same_v<T, bool>)
        return {'b', 1};
    else if constexpr (is_complex<T>)
        return {'c', sizeof(T)};
    else if constexpr (std::is_floating_point_v<T>)
        return {'f', sizeof(T)};
    else
        return {std::is_signed_v<T> ? 'i' : 'u', sizeof(T)};
}

}  // namespace jl
