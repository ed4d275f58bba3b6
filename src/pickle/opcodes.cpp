#include "pickle/opcodes.hpp"

#include <array>

namespace jl::op {

namespace {
using Names = std::array<const char*, 256>;

constexpr Names make_names() {
    Names n{};
    n[mark] = "MARK", n[stop] = "STOP", n[pop] = "POP", n[pop_mark] = "POP_MARK", n[dup] = "DUP";
    n[float_text] = "FLOAT", n[int_text] = "INT", n[binint] = "BININT", n[binint1] = "BININT1", n[long_text] = "LONG";
    n[binint2] = "BININT2", n[none] = "NONE", n[persid] = "PERSID", n[binpersid] = "BINPERSID", n[reduce] = "REDUCE";
    n[string_text] = "STRING", n[binstring] = "BINSTRING", n[short_binstring] = "SHORT_BINSTRING";
    n[unicode_text] = "UNICODE", n[binunicode] = "BINUNICODE", n[append] = "APPEND", n[build] = "BUILD";
    n[global] = "GLOBAL", n[dict] = "DICT", n[appends] = "APPENDS", n[get] = "GET", n[binget] = "BINGET";
    n[inst] = "INST", n[long_binget] = "LONG_BINGET", n[list] = "LIST", n[empty_list] = "EMPTY_LIST", n[obj] = "OBJ";
    n[put] = "PUT", n[binput] = "BINPUT", n[long_binput] = "LONG_BINPUT", n[setitem] = "SETITEM", n[tuple] = "TUPLE";
    n[empty_tuple] = "EMPTY_TUPLE", n[setitems] = "SETITEMS", n[binfloat] = "BINFLOAT", n[empty_dict] = "EMPTY_DICT";
    n[binbytes] = "BINBYTES", n[short_binbytes] = "SHORT_BINBYTES", n[proto] = "PROTO", n[newobj] = "NEWOBJ";
    n[ext1] = "EXT1", n[ext2] = "EXT2", n[ext4] = "EXT4", n[tuple1] = "TUPLE1", n[tuple2] = "TUPLE2";
    n[tuple3] = "TUPLE3", n[newtrue] = "NEWTRUE", n[newfalse] = "NEWFALSE", n[long1] = "LONG1", n[long4] = "LONG4";
    n[short_binunicode] = "SHORT_BINUNICODE", n[binunicode8] = "BINUNICODE8", n[binbytes8] = "BINBYTES8";
    n[empty_set] = "EMPTY_SET", n[additems] = "ADDITEMS", n[frozenset] = "FROZENSET", n[newobj_ex] = "NEWOBJ_EX";
    n[stack_global] = "STACK_GLOBAL", n[memoize] = "MEMOIZE", n[frame] = "FRAME", n[bytearray8] = "BYTEARRAY8";
    n[next_buffer] = "NEXT_BUFFER", n[readonly_buffer] = "READONLY_BUFFER";
    return n;
}

constexpr Names names = make_names();
}  // namespace

const char* name_of(std::uint8_t opcode) noexcept { return names[opcode] ? names[opcode] : "no opcode"; }

}  // namespace jl::op
