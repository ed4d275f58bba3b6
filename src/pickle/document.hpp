// The values that a load builds: 16-byte cells and the nodes they point to, owned by one arena.
//
//     Document doc;  Cell list = doc.list();  doc.push(list, Cell::integer(1));
//
// A cell is a plain value; identity is the node's address, so cycles and sharing need no counting, and everything is
// freed at once, without recursion. Nodes live as long as their document. Building is single-threaded; a finished
// document is safe to read by many.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include <jl/buffer.hpp>
#include <jl/error.hpp>
#include <jl/limits.hpp>

namespace jl {

enum class CellKind : std::uint8_t {
    none,
    boolean,
    integer,
    big_integer,
    real,
    complex,
    text,
    bytes,
    bytearray,
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

struct Sequence;
struct Dict;
struct Object;
struct ClassRef;
struct ComplexPair {
    double real, imag;
};

struct Cell {
    std::uint64_t tag = 0;  // kind in the low byte, length of text and bytes above it
    union {
        bool boolean;
        std::int64_t integer;
        double real;
        const char* characters;
        const std::byte* data;  // bytes, bytearray; big_integer: two's complement, least significant byte first
        const ComplexPair* pair;
        Sequence* sequence;
        Dict* dict;
        Object* object;
        ClassRef* class_ref;
        void* node;  // array, scalar: types of upper floors
    };

    Cell() noexcept : node(nullptr) {}
    static Cell of(CellKind kind, void* node) noexcept {
        Cell c;
        c.tag = static_cast<std::uint64_t>(kind);
        c.node = node;
        return c;
    }
    static Cell of(bool value) noexcept {
        Cell c = of(CellKind::boolean, nullptr);
        c.boolean = value;
        return c;
    }
    static Cell of(std::int64_t value) noexcept {
        Cell c = of(CellKind::integer, nullptr);
        c.integer = value;
        return c;
    }
    static Cell of(double value) noexcept {
        Cell c = of(CellKind::real, nullptr);
        c.real = value;
        return c;
    }
    static Cell of(CellKind kind, std::span<const std::byte> bytes) noexcept {
        Cell c;
        c.tag = static_cast<std::uint64_t>(kind) | std::uint64_t{bytes.size()} << 8;
        c.data = bytes.data();
        return c;
    }

    CellKind kind() const noexcept { return static_cast<CellKind>(tag & 0xff); }
    std::uint64_t size() const noexcept { return tag >> 8; }
    std::string_view text() const noexcept { return {characters, static_cast<std::size_t>(size())}; }
    std::span<const std::byte> span() const noexcept { return {data, static_cast<std::size_t>(size())}; }
    bool is(CellKind kind) const noexcept { return this->kind() == kind; }
    bool is_text(std::string_view value) const noexcept { return is(CellKind::text) && text() == value; }
    // Kinds whose node is an identity that several places can share.
    bool has_identity() const noexcept { return kind() >= CellKind::bytearray; }
};
static_assert(sizeof(Cell) == 16 && std::is_trivially_copyable_v<Cell>);

struct CellPair {
    Cell key, value;
};

// Growable array in the arena; growth abandons the old room, which doubles, so at most as much again is lost.
template <class T>
struct Items {
    T* data = nullptr;
    std::uint64_t size = 0;
    std::uint64_t capacity = 0;
    T* begin() const noexcept { return data; }
    T* end() const noexcept { return data + size; }
};

struct ClassRef {
    std::string_view module;
    std::string_view name;
    int tag = 0;  // what the Builder recognises it as; 0: unknown
};

struct Sequence {
    Items<Cell> items;
    const ClassRef* type = nullptr;  // "collections.deque"; null: the plain kind
    Cell args = {};                  // constructor arguments of such a type, for writing it again
};

struct Dict {
    Items<CellPair> items;
    const ClassRef* type = nullptr;  // "collections.OrderedDict"; null: dict
    Cell args = {};
};

// How Python would have made an object: callable(*args), cls.__new__(cls, *args), … with **kwargs.
// bare: object.__new__(cls), which asks no class of the user's.
enum class Construct : std::uint8_t { reduce, newobj, newobj_ex, bare };

// An object of a class that is not executed: what the pickle says about it.
struct Object {
    Cell callable;          // class_ref, or another object for computed callables
    Cell args;              // tuple
    Cell kwargs;            // dict, newobj_ex only
    Cell state;             // valid when has_state
    Items<Cell> items;      // APPENDS on it
    Items<CellPair> pairs;  // SETITEMS on it
    Construct how = Construct::reduce;
    bool has_state = false;
    const void* meaning = nullptr;  // what an upper floor made of it (a dtype)
};

// Memory in growing blocks, freed all at once; counts against Limits::bytes.
class Arena {
  public:
    explicit Arena(std::uint64_t limit = Limits::none) noexcept : limit_(limit) {}
    void* allocate(std::size_t bytes) {
        bytes = (bytes + 15) & ~std::size_t{15};
        if (bytes > static_cast<std::size_t>(end_ - next_)) return allocate_slow(bytes);
        void* result = next_;
        next_ += bytes;
        return result;
    }
    void adopt(Buffer buffer);
    void charge(std::uint64_t bytes);  // counts memory held elsewhere for this document
    void require_room(std::uint64_t bytes) const;

  private:
    void* allocate_slow(std::size_t bytes);
    std::vector<Buffer> blocks_;
    std::byte* next_ = nullptr;
    std::byte* end_ = nullptr;
    std::size_t block_bytes_ = std::size_t{4} << 10;
    std::uint64_t used_ = 0;
    std::uint64_t limit_;
};

class Document {
  public:
    explicit Document(const Limits& limits = {}) : limits_(limits), arena_(limits.bytes) {}
    Document(const Document&) = delete;
    Document& operator=(const Document&) = delete;
    ~Document() {
        for (const Owned& each : owned_) each.destroy(each.node);
    }

    template <class T>
    T* make() {
        static_assert(std::is_trivially_destructible_v<T>);
        return new (arena_.allocate(sizeof(T))) T();
    }
    // For nodes that own something: destroyed with the document, in one pass.
    template <class T, class... Args>
    T* make_owned(Args&&... args) {
        static_assert(alignof(T) <= alignof(std::max_align_t));
        if (owned_.size() == owned_.capacity()) owned_.reserve(2 * owned_.size() + 16);
        T* const made = new (arena_.allocate(sizeof(T))) T(std::forward<Args>(args)...);
        owned_.push_back({made, [](void* node) noexcept { static_cast<T*>(node)->~T(); }});
        return made;
    }
    // Keeps something alive that cells point into (a map, a source).
    void keep(std::shared_ptr<const void> owner) { kept_.push_back(std::move(owner)); }

    Cell text(std::string_view text);
    Cell bytes(CellKind kind, std::span<const std::byte> bytes);
    // Error{limit} unless that many bytes more are allowed.
    void require_room(std::uint64_t bytes) const { arena_.require_room(bytes); }
    Cell adopt(CellKind kind, Buffer buffer);  // text, bytes, bytearray, big_integer without a copy
    Cell complex(double real, double imag);
    Cell unsigned_integer(std::uint64_t value);
    Cell sequence(CellKind kind, std::span<const Cell> items = {});
    Cell dict();
    Cell class_ref(std::string_view module, std::string_view name, int tag = 0);  // copies the names

    void push(Items<Cell>& items, std::span<const Cell> more) { append(items, more.data(), more.size()); }
    void push(Items<CellPair>& items, CellPair pair) { append(items, &pair, 1); }
    // `flat`: key, value, key, value, …
    void push_pairs(Items<CellPair>& items, std::span<const Cell> flat);

    // The last pair with this text key, null when there is none. Thread-safe; big dicts get an index at the first
    // look-up.
    const CellPair* find(const Dict& dict, std::string_view key) const;
    // The value of the last pair with this key, or a new pair.
    void set(Dict& dict, std::string_view key, const Cell& value);

    const Limits& limits() const noexcept { return limits_; }
    // Whether a payload was left in the file for later.
    bool has_deferred() const noexcept { return has_deferred_; }
    void note_deferred() noexcept { has_deferred_ = true; }

    Arena& arena() noexcept { return arena_; }
    void count_items(std::uint64_t count) {
        items_ += count;
        if (items_ > limits_.items) fail_items();
    }

  private:
    template <class T>
    void append(Items<T>& items, const T* from, std::size_t count);
    [[noreturn]] void fail_items() const;

    Limits limits_;
    Arena arena_;
    std::uint64_t items_ = 0;
    bool has_deferred_ = false;
    struct Owned {
        void* node;
        void (*destroy)(void*) noexcept;
    };
    std::vector<Owned> owned_;
    std::vector<std::shared_ptr<const void>> kept_;
    using Index = std::unordered_map<std::string_view, std::uint64_t>;
    mutable std::mutex index_lock_;
    mutable std::unordered_map<const Dict*, Index> indexes_;
};

template <class T>
void Document::append(Items<T>& items, const T* from, std::size_t count) {
    if (items.size + count > items.capacity) {
        std::uint64_t capacity = items.capacity == 0 ? count : items.capacity * 2;
        if (capacity < items.size + count) capacity = items.size + count;
        T* room = static_cast<T*>(arena_.allocate(static_cast<std::size_t>(capacity) * sizeof(T)));
        for (std::uint64_t i = 0; i < items.size; ++i) room[i] = items.data[i];
        items.data = room;
        items.capacity = capacity;
    }
    for (std::size_t i = 0; i < count; ++i) items.data[items.size + i] = from[i];
    items.size += count;
}

// visit(child) for each cell that a node refers to directly; for iterative walks. What an array holds, its own floor
// knows.
template <class Visit>
void for_each_child(const Cell& cell, Visit visit) {
    const auto pairs = [&](const Items<CellPair>& items) {
        for (const CellPair& pair : items) visit(pair.key), visit(pair.value);
    };
    switch (cell.kind()) {
        case CellKind::list:
        case CellKind::tuple:
        case CellKind::set:
        case CellKind::frozenset:
            for (const Cell& item : cell.sequence->items) visit(item);
            break;
        case CellKind::dict:
            pairs(cell.dict->items);
            break;
        case CellKind::object:
            visit(cell.object->callable), visit(cell.object->args), visit(cell.object->kwargs),
                visit(cell.object->state);
            for (const Cell& item : cell.object->items) visit(item);
            pairs(cell.object->pairs);
            break;
        default:
            break;
    }
}

}  // namespace jl
