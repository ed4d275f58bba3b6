// Walks the graph below a value, depth first in stream order, without recursion: each shared or cyclic node once.
//
//     struct Names : Visitor { void leaf(const Value& v, const Place& at) override { … at.path() … } … };
//     Names names;   traverse(root, names);
//
// Paths are those of the format's specification (trailer): "/weights/0", "/model/args/1", "/model/state".
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <jl/value.hpp>

namespace jl::shell {

// Where nodes stand, as a tree of steps: a path is made only when somebody asks.
class Places {
  public:
    static constexpr std::uint32_t root = 0;

    std::uint32_t add(std::uint32_t parent, std::string step);
    std::string path(std::uint32_t place) const;

  private:
    struct Entry {
        std::uint32_t parent;
        std::string step;
    };
    std::vector<Entry> entries_{{0, {}}};
};

struct Place {
    const Places* places;
    std::uint32_t index;
    std::string path() const { return places->path(index); }
};

// A step as it stands in a path: '%' and '/' escaped.
std::string escaped_step(std::string_view step);
// The step to the value of an entry: the key's text or number, else '#' and the entry's index.
std::string step_to(const Value& key, std::size_t index);

// Parts of an opened node, in the order in which they come.
enum class Part : std::uint8_t { items, pairs, args, appended, entries, state };

class Visitor {
  public:
    virtual ~Visitor() = default;
    // A node with nothing below it. The place is the node's own for arrays and bytearrays, otherwise unspecified.
    virtual void leaf(const Value& value, const Place& at) = 0;
    virtual void reference(const std::string&) {}  // to the path of a node that was met before
    virtual void open(const Value&, const Place&) {}
    virtual void begin(Part) {}
    virtual void next() {}    // before each item or key but the part's first
    virtual void key() {}     // before each key
    virtual void value() {}   // between a key and its value
    virtual void paired() {}  // behind the value
    virtual void end(Part) {}
    virtual void close(const Value&) {}
};

void traverse(const Value& root, Visitor& visitor);

// Calls `visit` for each array of plain items, with its path.
void for_each_array(const Value& root, const std::function<void(const Value&, const std::string&)>& visit);
// Array payload bytes below `root`, each array once.
std::uint64_t payload_bytes(const Value& root);

}  // namespace jl::shell
