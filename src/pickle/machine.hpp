// The pickle machine: turns opcodes into cells, and runs nothing.
//
//     Document doc;  Machine machine(input, doc, builder);  Cell root = machine.run();
//
// A checked stack, a memo that grows with the bytes read, no recursion on input. It knows no class: the Builder, its
// one hook, makes natural values of the classes that it recognises; everything else stays an Object with class,
// arguments and state. Error{format} names the opcode and the byte; {truncated}, {limit} likewise. One thread.
#pragma once

#include <string>
#include <vector>

#include "io/input.hpp"
#include "pickle/document.hpp"

namespace jl {

class Machine;

class Builder {
  public:
    virtual ~Builder() = default;
    // A tag for a class that the builder knows, stored in ClassRef::tag; 0 for others.
    virtual int classify(std::string_view module, std::string_view name) = 0;
    // callable(*args) for a known callable: true and `made`, or false to leave an Object.
    virtual bool reduce(Machine& machine, const ClassRef& callable, const Cell& args, Cell& made) = 0;
    // State arrives for an object; may replace `object` on the stack. False: the machine stores the state in the
    // Object.
    virtual bool build(Machine& machine, Cell& object, const Cell& state) = 0;
};

class Machine {
  public:
    Machine(Input& input, Document& document, Builder& builder) : in_(input), doc_(document), builder_(builder) {}

    // Executes from the input's position through STOP and returns the one value left on the stack.
    Cell run();

    Input& input() noexcept { return in_; }
    Document& document() noexcept { return doc_; }
    [[noreturn]] void fail(ErrorCode code, const std::string& detail) const;  // at the current opcode

  private:
    void step(std::uint8_t opcode);
    void step_rare(std::uint8_t opcode);

    void push(Cell cell) { stack_.push_back(cell); }
    Cell pop() {
        if (stack_.size() <= fence_) fail_stack();
        const Cell cell = stack_.back();
        stack_.pop_back();
        return cell;
    }
    Cell& top() {
        if (stack_.size() <= fence_) fail_stack();
        return stack_.back();
    }
    void push_mark();
    // The items above the last mark stay valid until the next push; the mark and they leave the stack.
    std::span<const Cell> pop_to_mark();

    void make_tuple(std::size_t count);
    void make_long(std::uint64_t count);
    void add_items(std::span<const Cell> items);
    void add_set_items(std::span<const Cell> items);
    void add_pairs(std::span<const Cell> flat);
    void make_global(std::string_view module, std::string_view name);
    void apply(Construct how, Cell callable, Cell args, Cell kwargs);
    void make_object(Construct how);
    void build();
    void memoize(std::uint64_t index);
    void recall(std::uint64_t index);
    Cell read_bytes(CellKind kind, std::uint64_t count);
    void push_text(std::uint64_t count);
    void push_string(std::string_view raw);
    void begin_frame();

    // Protocol 0 and 1: arguments as lines of text.
    std::string line();
    void step_text(std::uint8_t opcode);
    std::uint64_t line_index();
    void int_line();
    void long_line();
    void float_line();
    void string_line();
    void unicode_line();

    [[noreturn]] void fail_stack() const;
    const Cell& checked(const Cell& cell, CellKind kind, const char* what) const;

    Input& in_;
    Document& doc_;
    Builder& builder_;
    std::vector<Cell> stack_;
    std::vector<std::size_t> marks_;
    std::size_t fence_ = 0;  // nothing below the last mark may be popped
    unsigned protocol_ = 0;  // 0 until PROTO says so
    std::vector<Cell> memo_;
    std::uint64_t memo_count_ = 0;
    std::uint64_t start_ = 0;      // position of the first opcode
    std::uint64_t opcode_at_ = 0;  // position of the current one
    std::uint8_t opcode_ = 0;
    std::uint64_t frame_end_ = 0;
};

// Decodes numbers of any length as LONG1 spells them: two's complement, least significant byte first, shortest form.
Cell integer_from_bytes(Document& doc, std::span<const std::byte> digits);

// Text as Python writes it: UTF-8, where lone surrogates (3-byte ED A0..BF forms) are tolerated.
bool is_python_utf8(std::string_view text) noexcept;

}  // namespace jl
