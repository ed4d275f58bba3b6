// Writes the files that check_writes.py loads in Python: writer OUT_DIR.
#include "interop/writer.hpp"

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: interop_writer OUT_DIR\n", stderr);
        return 2;
    }
    try {
        const interop::CaseWriter writer(argv[1]);
        interop::put_scalars(writer);
        interop::put_containers(writer);
        interop::put_pointers(writer);
        interop::put_structs(writer);
        interop::put_arrays(writer);
        interop::put_eigen(writer);
        interop::put_values(writer);
        interop::put_packed(writer);
        interop::put_two(writer);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "interop_writer: %s\n", error.what());
        return 1;
    }
    return 0;
}
