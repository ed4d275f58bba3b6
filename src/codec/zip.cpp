#include "codec/zip.hpp"

#include <algorithm>
#include <cstring>

#include <jl/buffer.hpp>
#include <jl/error.hpp>

#include "codec/ratio.hpp"
#include "codec/raw_inflater.hpp"
#include "codec/stream_check.hpp"

namespace jl::detail {
namespace {

constexpr std::size_t end_bytes = 22;  // end of central directory
constexpr std::size_t longest_comment = 0xFFFF;
constexpr std::size_t end64_bytes = 56;
constexpr std::size_t locator_bytes = 20;  // of the zip64 end
constexpr std::size_t entry_bytes = 46;
constexpr std::size_t local_bytes = 30;
constexpr std::uint64_t in_extra = 0xFFFFFFFF;  // the number stands in the zip64 field
constexpr std::size_t window_bytes = std::size_t{64} << 10;

using Bytes = std::span<const std::byte>;

std::uint64_t number(Bytes bytes, std::size_t at, std::size_t width) {
    std::uint64_t value = 0;
    for (std::size_t i = width; i-- > 0;) value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + i]);
    return value;
}

bool is_signed(Bytes bytes, const char* signature) {
    return bytes.size() >= 4 && std::memcmp(bytes.data(), signature, 4) == 0;
}

void require_inside(std::uint64_t offset, std::uint64_t count, std::uint64_t size, const std::string& what) {
    if (offset <= size && count <= size - offset) return;
    throw Error(ErrorCode::truncated, what + " of " + std::to_string(count) + " bytes is claimed at byte " +
                                          std::to_string(offset) + ", the archive has " + std::to_string(size));
}

Bytes part(Bytes all, std::size_t offset, std::uint64_t count, const std::string& what) {
    if (offset <= all.size() && count <= all.size() - offset)
        return all.subspan(offset, static_cast<std::size_t>(count));
    throw Error(ErrorCode::truncated, what + " claims " + std::to_string(count) + " bytes, " +
                                          std::to_string(all.size() - std::min(offset, all.size())) + " are left");
}

std::vector<std::byte> read_part(const RandomSource& archive, std::uint64_t offset, std::uint64_t count,
                                 const char* what) {
    require_inside(offset, count, archive.size(), what);
    std::vector<std::byte> bytes(static_cast<std::size_t>(count));
    archive.read_at(offset, bytes);
    return bytes;
}

struct CentralDirectory {
    std::uint64_t count = 0, bytes = 0, offset = 0;
};

// A comment of up to 64 KiB may follow the end record.
CentralDirectory find_directory(const RandomSource& archive) {
    if (archive.size() < end_bytes)
        throw Error(ErrorCode::truncated, "no zip archive: " + std::to_string(archive.size()) + " bytes");
    const std::uint64_t length = std::min<std::uint64_t>(archive.size(), end_bytes + longest_comment + locator_bytes);
    const std::vector<std::byte> whole = read_part(archive, archive.size() - length, length, "the end");
    const Bytes tail(whole);
    std::size_t at = tail.size() - end_bytes;
    const std::size_t lowest = at > longest_comment ? at - longest_comment : 0;
    while (!is_signed(tail.subspan(at), "PK\5\6")) {
        if (at == lowest)
            throw Error(ErrorCode::format, "no zip archive: its end record is missing (is the file cut off?)");
        --at;
    }
    const Bytes end = tail.subspan(at);
    if (at < locator_bytes || !is_signed(tail.subspan(at - locator_bytes), "PK\6\7"))
        return {number(end, 10, 2), number(end, 12, 4), number(end, 16, 4)};
    const std::vector<std::byte> end64 =
        read_part(archive, number(tail, at - locator_bytes + 8, 8), end64_bytes, "a zip64 end record");
    if (!is_signed(end64, "PK\6\6"))
        throw Error(ErrorCode::format, "the zip64 end record is not where the archive says");
    return {number(end64, 32, 8), number(end64, 40, 8), number(end64, 48, 8)};
}

// Sizes beyond 32 bits, in this order, where the entry says in_extra.
void read_zip64(Bytes extra, ZipMember& member) {
    while (extra.size() >= 4) {
        const std::uint64_t kind = number(extra, 0, 2), size = number(extra, 2, 2);
        Bytes field = part(extra, 4, size, "member '" + member.name + "': an extra field");
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

ZipMember member_from(Bytes entry, std::size_t name, std::size_t extra) {
    ZipMember member;
    member.name.assign(reinterpret_cast<const char*>(entry.data()) + entry_bytes, name);
    member.flags = static_cast<unsigned>(number(entry, 8, 2));
    member.method = static_cast<unsigned>(number(entry, 10, 2));
    member.crc = static_cast<std::uint32_t>(number(entry, 16, 4));
    member.compressed = number(entry, 20, 4);
    member.size = number(entry, 24, 4);
    member.header = number(entry, 42, 4);
    read_zip64(entry.subspan(entry_bytes + name, extra), member);
    return member;
}

// The bytes between the local header and the next member, inflated where they are deflated, compared at their end.
class ZipMemberSource final : public Source {
  public:
    ZipMemberSource(const RandomSource& archive, const ZipMember& member, std::uint64_t begin, double ratio)
        : member_(member), left_(archive, begin, begin + member.compressed), ratio_(ratio) {
        if (member.method == 0) return;
        inflater_ = raw_inflater();
        window_ = Buffer(static_cast<std::size_t>(std::min<std::uint64_t>(window_bytes, member.compressed)));
    }

    std::size_t read(std::span<std::byte> into) override {
        if (into.empty()) return 0;
        const std::size_t count = inflater_ ? inflate(into) : left_.read(into);
        check_.update(into.first(count));
        if (count == 0) finish();
        if (check_.bytes() > member_.size) fail_size();
        return count;
    }

    // Only what is stored is known to be there.
    std::optional<std::uint64_t> remaining() override { return inflater_ ? std::nullopt : left_.remaining(); }

  private:
    std::size_t inflate(std::span<std::byte> into) {
        while (!ended_) {
            if (pending_.empty()) pending_ = std::as_const(window_).bytes().first(left_.read(window_.bytes()));
            const bool last = pending_.empty();
            const CoderStep step = inflate_step(into);
            pending_ = pending_.subspan(step.consumed);
            consumed_ += step.consumed;
            ended_ = step.finished;
            require_ratio(check_.bytes() + step.produced, consumed_, ratio_);
            if (step.produced > 0) return step.produced;
            if (last && !ended_)
                throw Error(ErrorCode::truncated, "the member ends after " + std::to_string(check_.bytes()) + " bytes");
        }
        return 0;
    }

    CoderStep inflate_step(std::span<std::byte> into) {
        try {
            return inflater_->inflate(pending_, into);
        } catch (const Error& error) {
            throw Error(error.code(), "the member does not inflate: " + error.detail());
        }
    }

    void finish() const {
        if (check_.bytes() != member_.size || !pending_.empty() || consumed_ != (inflater_ ? member_.compressed : 0))
            fail_size();
        if (check_.value() != member_.crc) throw Error(ErrorCode::checksum, "the member differs from its checksum");
    }

    [[noreturn]] void fail_size() const {
        throw Error(ErrorCode::format, "the member does not have the " + std::to_string(member_.size) +
                                           " bytes that the archive claims: " + std::to_string(check_.bytes()) +
                                           " of " + std::to_string(member_.compressed) + " came out");
    }

    const ZipMember& member_;
    SequentialSource left_;  // of the member's compressed bytes
    double ratio_;
    std::unique_ptr<RawInflater> inflater_;  // null: stored
    Buffer window_;
    Bytes pending_;  // read and not inflated
    std::uint64_t consumed_ = 0;
    bool ended_ = false;
    StreamCheck check_{StreamCheck::Kind::crc32};
};

// What one member takes belongs to no other: a small archive may not unpack the same bytes again and again.
void require_apart(const std::vector<ZipMember>& members, std::uint64_t directory) {
    std::vector<const ZipMember*> in_order;
    for (const ZipMember& member : members) in_order.push_back(&member);
    std::ranges::sort(in_order, {}, &ZipMember::header);
    for (std::size_t i = 0; i < in_order.size(); ++i) {
        const ZipMember& member = *in_order[i];
        const bool is_last = i + 1 == in_order.size();
        const std::uint64_t next = is_last ? directory : in_order[i + 1]->header;
        const std::uint64_t taken = local_bytes + member.name.size();
        if (member.header <= next && taken <= next - member.header && member.compressed <= next - member.header - taken)
            continue;
        throw Error(ErrorCode::format, "member '" + member.name + "' claims " + std::to_string(member.compressed) +
                                           " bytes at byte " + std::to_string(member.header) + ", where " +
                                           (is_last ? "the directory" : "member '" + in_order[i + 1]->name + "'") +
                                           " begins at " + std::to_string(next));
    }
}

// Compared before anything takes memory for what is claimed.
void require_possible(const ZipMember& member) {
    constexpr std::uint64_t highest_expansion = 1032, slack = 1024;  // of deflate
    const bool is_possible = member.method == 0 ? member.size == member.compressed
                                                : member.size / highest_expansion <= member.compressed + slack;
    if (!is_possible)
        throw Error(ErrorCode::format, "the member does not have the " + std::to_string(member.size) +
                                           " bytes that the archive claims: " + std::to_string(member.compressed) +
                                           (member.method == 0 ? " are stored" : " are compressed"));
}

}  // namespace

bool begins_zip(Bytes beginning) noexcept { return is_signed(beginning, "PK\3\4") || is_signed(beginning, "PK\5\6"); }

std::vector<ZipMember> zip_members(const RandomSource& archive, std::uint64_t most) {
    const CentralDirectory place = find_directory(archive);
    if (place.bytes > most)
        throw Error(ErrorCode::limit, "the zip directory takes " + std::to_string(place.bytes) + " bytes, " +
                                          std::to_string(most) + " are allowed (limit: bytes)");
    const std::vector<std::byte> whole = read_part(archive, place.offset, place.bytes, "a zip directory");
    std::vector<ZipMember> members;
    for (Bytes directory(whole); !directory.empty();) {
        if (!is_signed(directory, "PK\1\2") || directory.size() < entry_bytes)
            throw Error(ErrorCode::format,
                        "the zip directory is damaged behind " + std::to_string(members.size()) + " members")
                .at_byte(place.offset + (whole.size() - directory.size()));
        const std::uint64_t name = number(directory, 28, 2), extra = number(directory, 30, 2),
                            comment = number(directory, 32, 2);
        const Bytes entry = part(directory, 0, entry_bytes + name + extra + comment,
                                 "entry " + std::to_string(members.size()) + " of the zip directory");
        members.push_back(member_from(entry, static_cast<std::size_t>(name), static_cast<std::size_t>(extra)));
        directory = directory.subspan(entry.size());
    }
    if (members.size() != place.count)
        throw Error(ErrorCode::format, std::to_string(place.count) + " members are claimed, the zip directory lists " +
                                           std::to_string(members.size()));
    require_apart(members, place.offset);
    return members;
}

std::unique_ptr<Source> open_zip_member(const RandomSource& archive, const ZipMember& member, double ratio) {
    if ((member.flags & 1) != 0) throw Error(ErrorCode::unsupported, "the member is encrypted");
    if (member.method != 0 && member.method != 8)
        throw Error(ErrorCode::unsupported, "the member is compressed by method " + std::to_string(member.method) +
                                                "; 0 (stored) and 8 (deflated) are read");
    require_possible(member);
    const std::vector<std::byte> local = read_part(archive, member.header, local_bytes, "a member's header");
    if (!is_signed(local, "PK\3\4")) throw Error(ErrorCode::format, "the member is not where the archive says");
    const std::uint64_t begin = member.header + local_bytes + number(local, 26, 2) + number(local, 28, 2);
    require_inside(begin, member.compressed, archive.size(), "the member");
    return std::make_unique<ZipMemberSource>(archive, member, begin, ratio);
}

}  // namespace jl::detail
