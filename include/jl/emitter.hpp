// What a typed value tells the writer: one event after the other, no tree.
//
//     template <> struct jl::Mapping<Money> {
//         static void emit(jl::Emitter& out, const Money& money) { out.integer(money.cents()); }
//         …
//     };
//
// Each event between begin and end is an item (dict: key, value, key, …). Belongs to one dump and one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <typeinfo>

#include <jl/dtype.hpp>
#include <jl/error.hpp>

namespace jl {

// An n-d array to be written: its bytes as they lie in memory, or a function that makes them piece by piece.
struct ArrayEvent {
    DType dtype;
    std::span<const std::uint64_t> shape;
    char order = 'C';                  // of the items that follow: 'C' last index fastest, 'F' first index fastest
    std::span<const std::byte> bytes;  // all items; unused where `fill` is set
    // Writes the items from number `first` on; `items` is a whole number of items. Called in ascending order, each item
    // once.
    std::function<void(std::uint64_t first, std::span<std::byte> items)> fill = {};
    // Where the items that `fill` gathers lie, when they lie in memory: the address of item (0, …, 0) and distances in
    // items, for who wants them in an order of its own. Null otherwise.
    const std::byte* origin = nullptr;
    std::span<const std::ptrdiff_t> strides = {};
};

enum class Container : std::uint8_t { list, tuple, set, frozenset, dict };

class Emitter {
  public:
    virtual ~Emitter() = default;

    virtual void none() = 0;
    virtual void boolean(bool value) = 0;
    virtual void integer(std::int64_t value) = 0;
    virtual void unsigned_integer(std::uint64_t value) = 0;
    // Two's complement, least significant byte first, of any length.
    virtual void big_integer(std::span<const std::byte> digits) = 0;
    virtual void real(double value) = 0;
    virtual void complex(double real, double imag) = 0;
    virtual void text(std::string_view utf8) = 0;  // Error{range} unless valid UTF-8
    virtual void bytes(std::span<const std::byte> bytes) = 0;
    virtual void array(const ArrayEvent& event) = 0;
    // One array element as a value of its own (numpy scalar).
    virtual void scalar(const DType& dtype, std::span<const std::byte> item) = 0;

    // `size`: the exact number of items (dict: pairs).
    virtual void begin(Container container, std::uint64_t size) = 0;
    virtual void end() = 0;

    // An object with attributes; `class_path` "module.Name" or "module:Outer.Inner", empty for types.SimpleNamespace.
    // Slotted: of a class with __slots__. Both are ended by end_object().
    virtual void begin_object(std::string_view class_path, std::uint64_t attributes) = 0;
    virtual void begin_slotted(std::string_view class_path, std::uint64_t attributes) = 0;
    virtual void attribute(std::string_view name) = 0;
    virtual void end_object() = 0;

    // What only values that came from Python need: classes by name, and objects by the call that makes them. After
    // begin_call the callable and the argument tuple follow (newobj_ex: and the keyword dict), then called(); then
    // perhaps a state and further items.
    virtual void bytearray(std::span<const std::byte> bytes) = 0;
    virtual void class_ref(std::string_view module, std::string_view name) = 0;
    virtual void dtype(const DType& dtype) = 0;
    enum class Call : std::uint8_t { reduce, newobj, newobj_ex };
    virtual void begin_call(Call how) = 0;
    virtual void called() = 0;
    virtual void begin_extend(Container container, std::uint64_t size) = 0;  // list: items, dict: pairs; ended by end()
    virtual void plain_path() {}     // the container that begins next adds no step to paths
    virtual void begin_state() = 0;  // one event, then end_state()
    virtual void end_state() = 0;
    virtual void end_call() = 0;

    // True: the object at `address` was written before and now stands here as a reference. False: the next event writes
    // it and remembers it. `keep` stays alive until the dump ends, so that addresses are not reused.
    virtual bool share(const void* address, const std::type_info& type, std::shared_ptr<const void> keep) = 0;

    // Arrays that lie nowhere are wanted with the last index fastest, whatever is quicker to make.
    virtual bool row_major() const noexcept { return false; }

    // Keys and set members must be hashable in Python: while frozen, lists are written as tuples, sets as frozensets
    // and arrays as tuples of numbers.
    bool frozen() const noexcept { return frozen_ > 0; }

    // Counts nesting of typed values; deeper than max_nesting is Error{limit} instead of an exhausted stack.
    static constexpr int max_nesting = 2'000;
    class Nest {
      public:
        explicit Nest(Emitter& out) : out_(out) {
            if (++out_.nesting_ > max_nesting) fail_nesting();
        }
        Nest(const Nest&) = delete;
        Nest& operator=(const Nest&) = delete;
        ~Nest() { --out_.nesting_; }

      private:
        [[noreturn]] static void fail_nesting();
        Emitter& out_;
    };
    class Freeze {
      public:
        explicit Freeze(Emitter& out) : out_(out) { ++out_.frozen_; }
        Freeze(const Freeze&) = delete;
        Freeze& operator=(const Freeze&) = delete;
        ~Freeze() { --out_.frozen_; }

      private:
        Emitter& out_;
    };

  private:
    int frozen_ = 0;
    int nesting_ = 0;
};

}  // namespace jl
