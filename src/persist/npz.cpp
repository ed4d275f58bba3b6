#include <algorithm>
#include <unordered_set>

#include <jl/npz.hpp>

#include "codec/zip.hpp"
#include "persist/opened.hpp"
#include "pickle/machine.hpp"

namespace jl {

struct NpzFile::Implementation {
    std::shared_ptr<const RandomSource> archive;
    Limits limits;
    std::vector<detail::ZipMember> zip;
    std::vector<NpzMember> members;  // as many as `zip`
};

namespace {

constexpr std::string_view array_ending = ".npy";

// Up to `count` bytes, fewer at the member's end.
std::string read_some(Source& in, std::size_t count) {
    std::string bytes(count, '\0');
    std::size_t have = 0;
    while (have < count) {
        const std::size_t more = in.read(std::as_writable_bytes(std::span(bytes)).subspan(have));
        if (more == 0) break;
        have += more;
    }
    bytes.resize(have);
    return bytes;
}

NpyHeader header_of(const RandomSource& archive, const detail::ZipMember& member, double ratio) {
    const auto in = detail::open_zip_member(archive, member, ratio);
    std::string bytes = read_some(*in, static_cast<std::size_t>(std::min<std::uint64_t>(member.size, npy_prefix)));
    const std::uint64_t payload = npy_payload_offset(bytes);
    if (payload > member.size)
        throw Error(ErrorCode::truncated,
                    "its .npy header claims " + std::to_string(payload) + " bytes of " + std::to_string(member.size));
    if (payload > bytes.size()) bytes += read_some(*in, static_cast<std::size_t>(payload) - bytes.size());
    NpyHeader header = parse_npy_header(bytes);
    if (!header.dtype.has_object() && header.nbytes != member.size - payload)
        throw Error(ErrorCode::format, "items of " + std::to_string(header.nbytes) + " bytes are claimed, " +
                                           std::to_string(member.size - payload) + " bytes are there");
    return header;
}

NpzMember member_of(const RandomSource& archive, const detail::ZipMember& zip, double ratio) {
    NpzMember member{zip.name, zip.size};
    if (!is_python_utf8(member.key))
        throw Error(ErrorCode::format, "the name of member '" + member.key + "' is not UTF-8");
    if (!member.key.ends_with(array_ending)) return member;
    member.key.resize(member.key.size() - array_ending.size());
    try {
        member.header = header_of(archive, zip, ratio);
    } catch (Error& error) {
        throw error.at_path("member " + zip.name);
    }
    return member;
}

}  // namespace

NpzFile::NpzFile(std::shared_ptr<const RandomSource> archive, const Limits& limits)
    : implementation_(new Implementation{std::move(archive), limits, {}, {}}) {
    Implementation& self = *implementation_;
    std::unordered_set<std::string> keys;
    for (detail::ZipMember& zip : detail::zip_members(*self.archive, limits.bytes)) {
        if (zip.name.ends_with('/') && zip.size == 0) continue;  // a folder
        self.members.push_back(member_of(*self.archive, zip, limits.ratio));
        self.zip.push_back(std::move(zip));
        if (!keys.insert(self.members.back().key).second)
            throw Error(ErrorCode::format, "two members are named '" + self.members.back().key + "'");
    }
}

NpzFile::NpzFile(const std::filesystem::path& path, const Limits& limits)
    : NpzFile(in_file(path.string(), [&] { return NpzFile(std::make_shared<FileSource>(path.string()), limits); })) {}

NpzFile::NpzFile(NpzFile&&) noexcept = default;
NpzFile& NpzFile::operator=(NpzFile&&) noexcept = default;
NpzFile::~NpzFile() = default;

const std::vector<NpzMember>& NpzFile::members() const noexcept { return implementation_->members; }

std::unique_ptr<Source> NpzFile::open(std::size_t member) const {
    const Implementation& self = *implementation_;
    return detail::open_zip_member(*self.archive, self.zip[member], self.limits.ratio);
}

}  // namespace jl
