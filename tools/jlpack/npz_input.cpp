// .npz: a dict of arrays by name, each inflated piece by piece while the dump takes it.
#include <algorithm>

#include <jl/load.hpp>
#include <jl/npz.hpp>

#include "jlpack/input.hpp"

namespace jl::pack {
namespace {

void read_exactly(Source& in, std::span<std::byte> into) {
    while (!into.empty()) {
        const std::size_t count = in.read(into);
        if (count == 0) throw Error(ErrorCode::truncated, "the member ends early");
        into = into.subspan(count);
    }
}

// All of them, memory growing with what is really there.
std::vector<std::byte> read_all(Source& in) {
    std::vector<std::byte> bytes(std::size_t{1} << 16);
    std::size_t have = 0;
    while (const std::size_t count = in.read(std::span(bytes).subspan(have))) {
        have += count;
        if (have == bytes.size()) bytes.resize(2 * have);
    }
    bytes.resize(have);
    return bytes;
}

// The source compares length and checksum when it is asked for more than there is.
void finish(Source& in) {
    std::byte more[1];
    (void)in.read(more);
}

class NpzInput final : public Input {
  public:
    explicit NpzInput(shell::MappedFile file)
        : file_(std::move(file)),
          archive_(std::make_shared<MemorySource>(file_.bytes())),
          objects_(archive_.members().size()) {
        for (std::size_t i = 0; i < objects_.size(); ++i) {
            const NpzMember& member = archive_.members()[i];
            if (!member.header || !member.header->dtype.has_object()) continue;
            named(member, [&] { objects_[i] = load(std::span<const std::byte>(read_all(*archive_.open(i)))); });
        }
    }

    void emit(Emitter& out) const override {
        out.begin(Container::dict, objects_.size());
        for (std::size_t i = 0; i < objects_.size(); ++i) {
            out.text(archive_.members()[i].key);
            named(archive_.members()[i], [&] { emit_member(i, out); });
        }
        out.end();
    }

    std::uint64_t payload_bytes() const override {
        std::uint64_t total = 0;
        for (const NpzMember& member : archive_.members())
            if (member.header && !member.header->dtype.has_object()) total += member.header->nbytes;
        return total;
    }

  private:
    template <class Work>
    static void named(const NpzMember& member, Work work) {
        try {
            work();
        } catch (Error& error) {
            throw error.at_path("member " + member.name);
        }
    }

    void emit_member(std::size_t index, Emitter& out) const {
        if (objects_[index]) return jl::emit(out, *objects_[index]);
        const auto in = archive_.open(index);
        const NpzMember& member = archive_.members()[index];
        if (!member.header) return out.bytes(read_all(*in));
        const NpyHeader& header = *member.header;
        std::vector<std::byte> head(static_cast<std::size_t>(header.payload));
        read_exactly(*in, head);
        // Pieces come in order, each once.
        out.array({header.dtype, header.shape, header.order, {}, [&in](std::uint64_t, std::span<std::byte> items) {
                       read_exactly(*in, items);
                   }});
        finish(*in);
    }

    shell::MappedFile file_;
    NpzFile archive_;
    std::vector<std::optional<Value>> objects_;  // arrays of objects: their items are a pickle
};

}  // namespace

std::unique_ptr<Input> open_npz(shell::MappedFile file) { return std::make_unique<NpzInput>(std::move(file)); }

}  // namespace jl::pack
