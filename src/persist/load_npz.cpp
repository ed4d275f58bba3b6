#include "persist/load_npz.hpp"

#include "graph/npy_array.hpp"

namespace jl {

namespace {

// The source compares length and checksum when its end is reached.
void read_rest(Source& bytes) {
    std::byte rest[256];
    while (bytes.read(rest) > 0) {
    }
}

Cell read_member(const NpzMember& member, Source& bytes, Document& document, PayloadLoader& loader) {
    Input in(bytes);
    if (member.header) return read_npy(in, document, loader);
    document.count_items(1);
    document.require_room(member.size);
    return document.adopt(CellKind::bytes, in.read_claimed(member.size));
}

}  // namespace

Cell read_npz_member(const NpzFile& archive, std::size_t index, Document& document, PayloadLoader& loader) {
    const auto bytes = archive.open(index);  // its errors name the member
    try {
        const Cell value = read_member(archive.members()[index], *bytes, document, loader);
        read_rest(*bytes);
        return value;
    } catch (Error& error) {
        throw error.at_path("member " + archive.members()[index].name);
    }
}

Cell read_npz(std::shared_ptr<const RandomSource> archive, Document& document, PayloadLoader& loader,
              const Limits& limits) {
    const NpzFile file(std::move(archive), limits);
    const Cell root = document.dict();
    for (std::size_t i = 0; i < file.members().size(); ++i) {
        const Cell value = read_npz_member(file, i, document, loader);
        document.push(root.dict->items, CellPair{document.text(file.members()[i].key), value});
    }
    return root;
}

}  // namespace jl
