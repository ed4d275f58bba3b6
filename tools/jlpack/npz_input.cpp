// .npz: a dict of arrays by name, each inflated piece by piece while the dump takes it.
#include <unordered_set>

#include <jl/load.hpp>

#include "jlpack/input.hpp"
#include "jlpack/zip.hpp"
#include "shell/npy.hpp"
#include "shell/printable.hpp"

namespace jl::pack {
namespace {

constexpr std::string_view array_ending = ".npy";

struct Member {
    ZipMember zip;
    std::string key;
    std::optional<shell::NpyHeader> header = {};  // none: the bytes as they are
    std::optional<Value> objects = {};            // an array of objects: its items are a pickle
};

std::string text(const std::vector<std::byte>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

shell::NpyHeader header_of(std::span<const std::byte> archive, const ZipMember& member) {
    ZipStream in(archive, member);
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::min<std::uint64_t>(member.size, shell::npy_prefix)));
    in.read(bytes);
    const std::uint64_t payload = shell::npy_payload_offset(text(bytes));
    if (payload > member.size)
        throw Error(ErrorCode::truncated,
                    "its .npy header claims " + std::to_string(payload) + " bytes of " + std::to_string(member.size));
    const std::size_t have = bytes.size();
    bytes.resize(std::max(have, static_cast<std::size_t>(payload)));
    in.read(std::span(bytes).subspan(have));
    shell::NpyHeader header = shell::parse_npy_header(text(bytes));
    if (!header.dtype.has_object() && header.nbytes != member.size - payload)
        throw Error(ErrorCode::format, "items of " + std::to_string(header.nbytes) + " bytes are claimed by shape " +
                                           shell::shape_text(header.shape) + ", " +
                                           std::to_string(member.size - payload) + " bytes are there");
    return header;
}

Value objects_of(std::span<const std::byte> archive, const Member& member) {
    ZipStream in(archive, member.zip);
    const std::vector<std::byte> bytes = in.rest();
    in.finish();
    return load(std::span(bytes).subspan(static_cast<std::size_t>(member.header->payload)));
}

Member make_member(std::span<const std::byte> archive, ZipMember zip) {
    Member member{std::move(zip), {}};
    member.key = member.zip.name;
    for (std::string_view rest = member.key; !rest.empty();) {
        const shell::Character c = shell::first_character(rest);
        if (!c.valid) throw Error(ErrorCode::format, "the name of member '" + member.key + "' is not UTF-8");
        rest.remove_prefix(c.length);
    }
    if (!member.key.ends_with(array_ending)) return member;
    member.key.resize(member.key.size() - array_ending.size());
    try {
        member.header = header_of(archive, member.zip);
        if (member.header->dtype.has_object()) member.objects = objects_of(archive, member);
    } catch (Error& error) {
        throw error.at_path("member " + member.zip.name);
    }
    return member;
}

class NpzInput final : public Input {
  public:
    explicit NpzInput(shell::MappedFile file) : file_(std::move(file)) {
        std::unordered_set<std::string> keys;
        for (ZipMember& zip : zip_members(file_.bytes())) {
            if (zip.name.ends_with('/') && zip.size == 0) continue;  // a folder
            members_.push_back(make_member(file_.bytes(), std::move(zip)));
            if (!keys.insert(members_.back().key).second)
                throw Error(ErrorCode::format, "two members are named '" + members_.back().key + "'");
        }
    }

    void emit(Emitter& out) const override {
        out.begin(Container::dict, members_.size());
        for (const Member& member : members_) {
            out.text(member.key);
            emit_member(member, out);
        }
        out.end();
    }

    std::uint64_t payload_bytes() const override {
        std::uint64_t total = 0;
        for (const Member& member : members_)
            if (member.header && !member.header->dtype.has_object()) total += member.header->nbytes;
        return total;
    }

  private:
    void emit_member(const Member& member, Emitter& out) const {
        ZipStream in(file_.bytes(), member.zip);
        if (member.objects) return jl::emit(out, *member.objects);
        if (!member.header) {
            const std::vector<std::byte> bytes = in.rest();
            in.finish();
            return out.bytes(bytes);
        }
        const shell::NpyHeader& header = *member.header;
        std::vector<std::byte> head(static_cast<std::size_t>(header.payload));
        in.read(head);
        // Pieces come in order, each once.
        out.array({header.dtype, header.shape, header.order, {}, [&in](std::uint64_t, std::span<std::byte> items) {
                       in.read(items);
                   }});
        in.finish();
    }

    shell::MappedFile file_;
    std::vector<Member> members_;
};

}  // namespace

std::unique_ptr<Input> open_npz(shell::MappedFile file) { return std::make_unique<NpzInput>(std::move(file)); }

}  // namespace jl::pack
