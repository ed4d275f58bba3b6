// One loaded value as a typed reader sees it: kinds, numbers that convert only exactly, items, fields, arrays.
//
//     template <> struct jl::Mapping<Money> {
//         static void read(const jl::Record& in, Money& money) { money = Money(in.integer<std::int64_t>()); }
//         …
//     };
//
// Records are views: cheap, valid only inside the load that made them. Every mismatch is an Error that names the path
// of the value, what is there and what was asked for.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include <jl/dtype.hpp>
#include <jl/error.hpp>

namespace jl {

struct Cell;
struct ArrayNode;
class Loading;
class Record;

enum class Kind : std::uint8_t {
    none,
    boolean,
    integer,
    real,
    complex,
    text,
    bytes,
    list,
    tuple,
    set,
    frozenset,
    dict,
    array,
    scalar,
    object,
    class_ref,
};
std::string_view name_of(Kind kind) noexcept;  // "none", "bool", "int", "float", "complex", "str", "bytes", "list", …

// An array inside a load: its description, and its items put where the caller wants them.
class ArrayRecord {
  public:
    const DType& dtype() const noexcept;  // as in the file, byte order included
    const std::vector<std::uint64_t>& shape() const noexcept;
    char order() const noexcept;          // 'C' or 'F'
    std::uint64_t size() const noexcept;  // number of items
    std::uint64_t nbytes() const noexcept;

    // Copies all items to `to` as `dtype` (native), in `order`; conversions must be exact: Error{range} names the item.
    // Payload that still lies in the file is read straight into `to` when nothing is to be converted.
    void copy_to(const DType& dtype, char order, std::span<std::byte> to) const;
    // The items in the file's order as native `dtype`, shared with the document or the map where possible; `owner`
    // keeps them alive.
    struct Shared {
        std::byte* data = nullptr;
        std::shared_ptr<void> owner;
    };
    Shared share(const DType& dtype) const;

    // The container that was made for this array before its bytes were read (ArrayPlaces), if it is a T; may be moved
    // from when `movable`.
    template <class T>
    T* held(bool& movable) const {
        return static_cast<T*>(held(typeid(T), movable));
    }

  private:
    friend class Record;
    ArrayRecord(const Record& record, ArrayNode& node) noexcept : record_(&record), node_(&node) {}
    void* held(const std::type_info& type, bool& movable) const;

    const Record* record_;
    ArrayNode* node_;
};

class Record {
  public:
    Kind kind() const noexcept;
    bool is_none() const noexcept { return kind() == Kind::none; }

    // Numbers: from bool, int, float, numpy scalars and 0-d arrays, when the value is exactly representable.
    bool boolean() const;
    double real() const;
    std::pair<double, double> complex() const;
    template <std::integral I>
    I integer() const {
        if constexpr (sizeof(I) > 8)
            return wide_integer<I>();
        else if constexpr (std::is_signed_v<I>)
            return static_cast<I>(signed_integer(std::numeric_limits<I>::min(), std::numeric_limits<I>::max()));
        else
            return static_cast<I>(unsigned_integer(std::numeric_limits<I>::max()));
    }
    // Integers of up to `room` bytes, two's complement, least significant first; room is filled (sign-extended).
    void integer_bytes(std::span<std::byte> room, bool is_signed) const;

    std::string_view text() const;             // str; as long as the load
    std::span<const std::byte> bytes() const;  // bytes, bytearray
    // A numpy scalar or 0-d array; Error{type} otherwise.
    std::pair<DType, std::span<const std::byte>> scalar() const;

    // What a numpy.dtype object describes; Error{type} for anything else, Error{format} where its parts contradict.
    DType dtype() const;

    // list, tuple, set, frozenset: the items; 1-d arrays too (each item as a scalar).
    std::size_t size() const;
    Record item(std::size_t index) const;
    bool is_sequence() const noexcept;
    // dict, attributes of an object, fields of a structured scalar: size() pairs.
    bool is_mapping() const noexcept;
    Record key(std::size_t index) const;
    Record value(std::size_t index) const;
    // The attribute or text key `name`.
    std::optional<Record> field(std::string_view name) const;

    // Objects of a class: its "module.Name" (of a class reference too, else empty), the arguments it was made with, and
    // what Python would pass to __setstate__.
    std::string class_name() const;
    std::size_t argument_count() const noexcept;
    Record argument(std::size_t index) const;  // Error{missing} where there is none
    std::optional<Record> state() const;

    bool is_array() const noexcept { return kind() == Kind::array; }
    ArrayRecord array() const;  // Error{type} unless an array of plain or structured items

    // Identity: the same for each place that refers to the same list, dict, array, object, …; null for plain values.
    const void* identity() const noexcept;
    Loading& loading() const noexcept { return *loading_; }
    std::string path() const;  // "/weights/0"; "/" is the root

    [[noreturn]] void fail(ErrorCode code, const std::string& detail) const;
    [[noreturn]] void fail_kind(std::string_view wanted) const;  // "a list is needed, a str is there"

    const Cell& cell() const noexcept { return *cell_; }

    Record(Loading& loading, const Cell& root) noexcept : cell_(&root), loading_(&loading) {}

  private:
    friend class ArrayRecord;
    struct Step {
        const Record* parent = nullptr;
        const Cell* key = nullptr;
        std::size_t index = 0;
        std::string_view part = {};  // "state" in place of an index, "args" before it
    };
    Record(const Record& parent, const Cell& cell, const Cell* key, std::size_t index,
           std::string_view part = {}) noexcept
        : cell_(&cell), loading_(parent.loading_), step_{&parent, key, index, part} {}
    std::int64_t signed_integer(std::int64_t low, std::int64_t high) const;
    std::uint64_t unsigned_integer(std::uint64_t high) const;
    template <class I>
    I wide_integer() const {
        std::byte room[sizeof(I)];
        integer_bytes(room, I(-1) < I(0));
        I value = 0;
        for (std::size_t i = sizeof(I); i-- > 0;)
            value = static_cast<I>(value << 8 | static_cast<I>(std::to_integer<unsigned>(room[i])));
        return value;
    }

    const Cell* cell_;
    Loading* loading_;
    Step step_;
};

// Containers to be made for arrays before their bytes arrive, so that bytes land where they stay.
struct ArrayPlace {
    DType dtype;     // native
    int rank = -1;   // exact number of dimensions; -1: any
    char order = 0;  // 'C' or 'F'; 0: either
    const std::type_info* type = nullptr;
    struct Made {
        std::shared_ptr<void> container;
        std::span<std::byte> memory;  // where the payload goes
    };
    Made (*make)(std::span<const std::uint64_t> shape, char order) = nullptr;
};

class ArrayPlaces {
  public:
    void add(ArrayPlace place) { places_.push_back(std::move(place)); }
    // True the first time a type is met: its members are then to be visited.
    bool enter(const std::type_info& type);
    const ArrayPlace* find(const DType& dtype, std::size_t rank, char order) const noexcept;

  private:
    std::vector<ArrayPlace> places_;
    std::vector<const std::type_info*> seen_;
};

// State of one load: options, identity of shared objects, nesting.
class Loading {
  public:
    virtual ~Loading() = default;
    virtual bool refuse_unknown_fields() const noexcept = 0;
    // The object that was made for this identity and type before; empty the first time.
    virtual std::shared_ptr<void> shared(const void* identity, const std::type_info& type) = 0;
    virtual void remember(const void* identity, const std::type_info& type, std::shared_ptr<void> object) = 0;
    virtual void enter(const Record& record) = 0;  // Error{limit} when nested too deeply or too many items
    virtual void leave() noexcept = 0;
    // Between the two, something is read that may turn out to be something else: arrays are not moved away, and what
    // was remembered is forgotten again unless `kept`.
    virtual std::size_t begin_attempt() = 0;
    virtual void end_attempt(std::size_t begun, bool kept) noexcept = 0;
};

}  // namespace jl
