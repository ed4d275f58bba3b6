// Pickle bytes through the machine, with no class known, and what came out as text.
//
//     EXPECT_EQ(ran(".."_b), "...");      const Error error = refused("Q.");
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <jl/sink.hpp>
#include <jl/source.hpp>

#include "io/input.hpp"
#include "pickle/document.hpp"
#include "pickle/machine.hpp"
#include "pickle/writer.hpp"
#include "support/error.hpp"

namespace jl::test {

using namespace std::string_literals;

class NoClasses final : public Builder {
  public:
    int classify(std::string_view, std::string_view) override { return 0; }
    bool reduce(Machine&, const ClassRef&, const Cell&, Cell&) override { return false; }
    bool build(Machine&, Cell&, const Cell&) override { return false; }
};

inline std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

// Little-endian bytes of a number, as opcodes take them.
template <class T>
std::string little(T value) {
    std::string text;
    for (std::size_t i = 0; i < sizeof value; ++i)
        text += static_cast<char>(static_cast<unsigned char>(value >> 8 * i));
    return text;
}

std::string shown(const Cell& cell);

inline Cell run(Document& doc, std::string_view pickle) {
    const MemorySource source(bytes_of(pickle));
    Input in(source, 0, pickle.size());
    NoClasses builder;
    return Machine(in, doc, builder).run();
}

inline std::string ran(std::string_view pickle, const Limits& limits = {}) {
    Document doc(limits);
    return shown(run(doc, pickle));
}

inline Error refused(std::string_view pickle, const Limits& limits = {}) {
    return error_of([&] { ran(pickle, limits); });
}

// What the writer makes of `write(writer)`, ended by STOP.
template <class Write>
std::string written(Write write) {
    MemorySink sink;
    PickleWriter out(sink);
    write(out);
    out.opcode(op::stop);
    out.flush();
    return {reinterpret_cast<const char*>(sink.bytes().data()), sink.bytes().size()};
}

}  // namespace jl::test
