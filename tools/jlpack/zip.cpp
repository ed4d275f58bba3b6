#include "jlpack/zip.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <zlib.h>

#include <jl/error.hpp>

namespace jl::pack {
namespace {

constexpr std::size_t end_bytes = 22;  // end of central directory
constexpr std::size_t end64_bytes = 56;
constexpr std::size_t locator_bytes = 20;  // of the zip64 end
constexpr std::size_t entry_bytes = 46;
constexpr std::size_t local_bytes = 30;
constexpr std::uint32_t in_extra = 0xFFFFFFFF;  // the number stands in the zip64 field

using Bytes = std::span<const std::byte>;

std::uint64_t number(Bytes bytes, std::size_t at, std::size_t width) {
    std::uint64_t value = 0;
    for (std::size_t i = width; i-- > 0;) value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + i]);
    return value;
}

bool is_signed(Bytes bytes, const char* signature) {
    return bytes.size() >= 4 && std::memcmp(bytes.data(), signature, 4) == 0;
}

Bytes part(Bytes archive, std::uint64_t offset, std::uint64_t count, const char* what) {
    if (offset > archive.size() || count > archive.size() - offset)
        throw Error(ErrorCode::truncated, std::string(what) + " of " + std::to_string(count) +
                                              " bytes is claimed at byte " + std::to_string(offset) +
                                              ", the archive has " + std::to_string(archive.size()));
    return archive.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(count));
}

struct CentralDirectory {
    std::uint64_t count = 0, bytes = 0, offset = 0;
};

// A comment of up to 64 KiB may follow the end record.
CentralDirectory find_directory(Bytes archive) {
    if (archive.size() < end_bytes)
        throw Error(ErrorCode::truncated, "no zip archive: " + std::to_string(archive.size()) + " bytes");
    std::size_t at = archive.size() - end_bytes;
    const std::size_t lowest = at > 0xFFFF ? at - 0xFFFF : 0;
    while (!is_signed(archive.subspan(at), "PK\5\6")) {
        if (at == lowest)
            throw Error(ErrorCode::format, "no zip archive: its end record is missing (is the file cut off?)");
        --at;
    }
    const Bytes end = archive.subspan(at);
    if (at < locator_bytes || !is_signed(archive.subspan(at - locator_bytes), "PK\6\7"))
        return {number(end, 10, 2), number(end, 12, 4), number(end, 16, 4)};
    const Bytes end64 = part(archive, number(archive, at - locator_bytes + 8, 8), end64_bytes, "a zip64 end record");
    if (!is_signed(end64, "PK\6\6"))
        throw Error(ErrorCode::format, "the zip64 end record is not where the archive says");
    return {number(end64, 32, 8), number(end64, 40, 8), number(end64, 48, 8)};
}

// Sizes beyond 32 bits, in this order, where the entry says in_extra.
void read_zip64(Bytes extra, ZipMember& member) {
    while (extra.size() >= 4) {
        const std::uint64_t kind = number(extra, 0, 2), size = number(extra, 2, 2);
        Bytes field = part(extra, 4, size, "an extra field");
        extra = extra.subspan(4 + field.size());
        if (kind != 1) continue;
        for (std::uint64_t* const value : {&member.size, &member.compressed, &member.header}) {
            if (*value != in_extra) continue;
            if (field.size() < 8) throw Error(ErrorCode::format, "member '" + member.name + "' lacks its 64-bit sizes");
            *value = number(field, 0, 8);
            field = field.subspan(8);
        }
    }
}

}  // namespace

std::vector<ZipMember> zip_members(Bytes archive) {
    const CentralDirectory place = find_directory(archive);
    Bytes directory = part(archive, place.offset, place.bytes, "a zip directory");
    std::vector<ZipMember> members;
    while (!directory.empty()) {
        if (!is_signed(directory, "PK\1\2") || directory.size() < entry_bytes)
            throw Error(ErrorCode::format, "the zip directory is damaged");
        const std::uint64_t name = number(directory, 28, 2), extra = number(directory, 30, 2),
                            comment = number(directory, 32, 2);
        const Bytes entry = part(directory, 0, entry_bytes + name + extra + comment, "an entry of the zip directory");
        ZipMember member;
        member.name.assign(reinterpret_cast<const char*>(entry.data()) + entry_bytes, static_cast<std::size_t>(name));
        member.flags = static_cast<unsigned>(number(entry, 8, 2));
        member.method = static_cast<unsigned>(number(entry, 10, 2));
        member.crc = static_cast<std::uint32_t>(number(entry, 16, 4));
        member.compressed = number(entry, 20, 4);
        member.size = number(entry, 24, 4);
        member.header = number(entry, 42, 4);
        read_zip64(entry.subspan(entry_bytes + static_cast<std::size_t>(name), static_cast<std::size_t>(extra)),
                   member);
        members.push_back(std::move(member));
        directory = directory.subspan(entry.size());
    }
    if (members.size() != place.count)
        throw Error(ErrorCode::format, std::to_string(place.count) + " members are claimed, the zip directory lists " +
                                           std::to_string(members.size()));
    return members;
}

struct ZipStream::Inflater {
    z_stream stream{};
    bool ended = false;
    Inflater() {
        if (::inflateInit2(&stream, -15) != Z_OK) throw std::bad_alloc();
    }
    ~Inflater() { ::inflateEnd(&stream); }
};

ZipStream::ZipStream(Bytes archive, const ZipMember& member) : member_(&member) {
    if ((member.flags & 1) != 0) throw Error(ErrorCode::unsupported, "member '" + member.name + "' is encrypted");
    if (member.method != 0 && member.method != 8)
        throw Error(ErrorCode::unsupported, "member '" + member.name + "' is compressed by method " +
                                                std::to_string(member.method) +
                                                "; 0 (stored) and 8 (deflated) are read");
    const Bytes local = part(archive, member.header, local_bytes, "a member's header");
    if (!is_signed(local, "PK\3\4")) fail("is not where the archive says");
    const std::uint64_t begin = member.header + local_bytes + number(local, 26, 2) + number(local, 28, 2);
    left_ = part(archive, begin, member.compressed, "a member");
    if (member.method == 8) inflater_ = std::make_unique<Inflater>();
}

ZipStream::~ZipStream() = default;

void ZipStream::fail(const std::string& what) const {
    throw Error(ErrorCode::format, "member '" + member_->name + "' " + what);
}

std::size_t ZipStream::some(std::span<std::byte> into) {
    std::size_t count = 0;
    if (!inflater_) {
        count = std::min(into.size(), left_.size());
        std::copy_n(left_.begin(), count, into.begin());
        left_ = left_.subspan(count);
    } else if (!inflater_->ended) {
        constexpr std::size_t most = std::numeric_limits<uInt>::max();
        z_stream& stream = inflater_->stream;
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(left_.data()));
        stream.avail_in = static_cast<uInt>(std::min(left_.size(), most));
        stream.next_out = reinterpret_cast<Bytef*>(into.data());
        stream.avail_out = static_cast<uInt>(std::min(into.size(), most));
        const int result = ::inflate(&stream, Z_NO_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) fail("does not inflate");
        inflater_->ended = result == Z_STREAM_END;
        left_ = left_.subspan(static_cast<std::size_t>(stream.next_in - reinterpret_cast<const Bytef*>(left_.data())));
        count = static_cast<std::size_t>(stream.next_out - reinterpret_cast<Bytef*>(into.data()));
    }
    crc_ = static_cast<std::uint32_t>(::crc32_z(crc_, reinterpret_cast<const Bytef*>(into.data()), count));
    done_ += count;
    return count;
}

void ZipStream::read(std::span<std::byte> into) {
    while (!into.empty()) {
        const std::size_t count = some(into);
        if (count == 0 && (!inflater_ || inflater_->ended || left_.empty()))
            throw Error(ErrorCode::truncated,
                        "member '" + member_->name + "' ends after " + std::to_string(done_) + " bytes");
        into = into.subspan(count);
    }
}

std::vector<std::byte> ZipStream::rest() {
    std::vector<std::byte> bytes;
    while (done_ < member_->size) {
        const std::size_t have = bytes.size();
        bytes.resize(have + static_cast<std::size_t>(
                                std::min<std::uint64_t>(member_->size - done_, std::max<std::size_t>(have, 1 << 16))));
        read(std::span(bytes).subspan(have));
    }
    return bytes;
}

void ZipStream::finish() {
    std::byte more[1];
    const bool complete = inflater_ ? inflater_->ended || (some(more) == 0 && inflater_->ended) : left_.empty();
    if (!complete || done_ != member_->size)
        fail("does not have the " + std::to_string(member_->size) + " bytes that the archive claims");
    if (crc_ != member_->crc)
        throw Error(ErrorCode::checksum, "member '" + member_->name + "' differs from its checksum");
}

}  // namespace jl::pack
