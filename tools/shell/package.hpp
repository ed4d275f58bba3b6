// A value that is about to be dumped, as a function that tells it to an emitter; where dumps of the tools go.
//
//     Package package{[&](Emitter& out) { emit_from("in.pkl", root, out); }};   dump_package(package, "out.pkl.gz",
//     {});
//
// Errors of the input name the input, those of the output the output.
#pragma once

#include <functional>
#include <string>

#include <jl/dump.hpp>
#include <jl/value.hpp>

#include "shell/traversal.hpp"

namespace jl::shell {

struct Package {
    std::function<void(Emitter&)> emit;
};

// To a file, which is replaced atomically, or for "-" to standard output.
void dump_package(const Package& package, const std::string& path, const DumpOptions& options);

// Tells a value to the emitter; errors that have no file yet get `name`.
void emit_from(const std::string& name, const Value& value, Emitter& out);
void emit_named(const std::string& name, const std::function<void()>& work);

// The folder that a file lies in: "." where the path names none.
std::string folder_of(const std::string& path);
// jl's bar, given the payload bytes to come.
ProgressCallback bar_with_total(const std::string& label, std::uint64_t total);

}  // namespace jl::shell

template <>
struct jl::Mapping<jl::shell::Package> {
    static void emit(Emitter& out, const shell::Package& package) { package.emit(out); }
};
