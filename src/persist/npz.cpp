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
    std::string path;  // empty: not known
    std::vector<detail::ZipMember> zip;
    std::vector<NpzMember> members;             // as many as `zip`
    std::vector<std::optional<Error>> refused;  // as many: what is wrong with the header
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

std::string key_of(const detail::ZipMember& zip) {
    if (!is_python_utf8(zip.name)) throw Error(ErrorCode::format, "the name of member '" + zip.name + "' is not UTF-8");
    return zip.name.substr(0, zip.name.size() - (zip.name.ends_with(array_ending) ? array_ending.size() : 0));
}

// Errors tell archive and member.
class NamedMember final : public Source {
  public:
    NamedMember(std::unique_ptr<Source> bytes, std::string path, std::string member)
        : bytes_(std::move(bytes)), path_(std::move(path)), member_(std::move(member)) {}
    std::size_t read(std::span<std::byte> into) override {
        try {
            return bytes_->read(into);
        } catch (Error& error) {
            throw error.at_path(member_).in_file(path_);
        }
    }
    std::optional<std::uint64_t> remaining() override { return bytes_->remaining(); }

  private:
    std::unique_ptr<Source> bytes_;
    std::string path_;
    std::string member_;
};

}  // namespace

NpzFile::NpzFile(std::shared_ptr<const RandomSource> archive, const Limits& limits)
    : implementation_(new Implementation{std::move(archive), limits, {}, {}, {}, {}}) {
    Implementation& self = *implementation_;
    std::unordered_set<std::string> keys;
    std::uint64_t headers = 0;
    for (detail::ZipMember& zip : detail::zip_members(*self.archive, limits.bytes)) {
        if (zip.name.ends_with('/') && zip.size == 0) continue;  // a folder
        NpzMember member{zip.name, key_of(zip), zip.size};
        if (!keys.insert(member.key).second)
            throw Error(ErrorCode::format, "two members are named '" + member.key + "'");
        self.refused.emplace_back();
        try {
            if (zip.name.ends_with(array_ending)) member.header = header_of(*self.archive, zip, limits.ratio);
        } catch (Error& error) {
            self.refused.back() = error.at_path("member " + zip.name);
        }
        // What a header becomes is some times larger than its text.
        headers += member.header ? member.header->payload : 0;
        if (headers > limits.bytes / 16)
            throw Error(ErrorCode::limit, "the headers of the archive's arrays take more than " +
                                              std::to_string(limits.bytes / 16) + " bytes (limit: bytes / 16)");
        self.members.push_back(std::move(member));
        self.zip.push_back(std::move(zip));
    }
}

NpzFile::NpzFile(const std::filesystem::path& path, const Limits& limits)
    : NpzFile(in_file(path.string(), [&] { return NpzFile(std::make_shared<FileSource>(path.string()), limits); })) {
    implementation_->path = path.string();
}

NpzFile::NpzFile(NpzFile&&) noexcept = default;
NpzFile& NpzFile::operator=(NpzFile&&) noexcept = default;
NpzFile::~NpzFile() = default;

const std::vector<NpzMember>& NpzFile::members() const noexcept { return implementation_->members; }

std::unique_ptr<Source> NpzFile::open(std::size_t member) const {
    const Implementation& self = *implementation_;
    const detail::ZipMember& zip = self.zip[member];
    const std::string where = "member " + zip.name;
    try {
        if (self.refused[member]) throw Error(*self.refused[member]);
        auto bytes = detail::open_zip_member(*self.archive, zip, self.limits.ratio);
        return std::make_unique<NamedMember>(std::move(bytes), self.path, where);
    } catch (Error& error) {
        throw error.at_path(where).in_file(self.path);
    }
}

}  // namespace jl
