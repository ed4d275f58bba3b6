// Zip archives byte by byte, honest ones and others.
//
//     write_file(path, zip_archive({{"a.npy", npy}, {.name = "b.npy", .content = npy, .deflated = true}}));
#pragma once

#include <cstdint>
#include <string>
#include <vector>
#include <zlib.h>

namespace jl::test {

struct ZipEntry {
    std::string name;
    std::string content;
    bool deflated = false;
    bool wide = false;                   // sizes in the zip64 field
    std::uint64_t size_lie = 0;          // added to the claimed size
    std::uint32_t crc_lie = 0;           // added to the checksum
    unsigned flags = 0, method_lie = 0;  // 0: the method that it is
};

inline std::string little(std::uint64_t value, std::size_t width) {
    std::string bytes;
    for (std::size_t i = 0; i < width; ++i) bytes += static_cast<char>(static_cast<unsigned char>(value >> 8 * i));
    return bytes;
}

inline std::string raw_deflated(const std::string& content) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, static_cast<uLong>(content.size())) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

inline std::string zip_archive(const std::vector<ZipEntry>& entries, const std::string& comment = {}) {
    std::string file, directory;
    for (const ZipEntry& entry : entries) {
        const std::string stored = entry.deflated ? raw_deflated(entry.content) : entry.content;
        const unsigned method = entry.method_lie != 0 ? entry.method_lie : entry.deflated ? 8 : 0;
        const std::uint64_t size = entry.content.size() + entry.size_lie;
        const auto crc = static_cast<std::uint32_t>(
            ::crc32_z(0, reinterpret_cast<const Bytef*>(entry.content.data()), entry.content.size()));
        const std::string extra = entry.wide ? little(1, 2) + little(24, 2) + little(size, 8) +
                                                   little(stored.size(), 8) + little(file.size(), 8)
                                             : "";
        const auto narrow = [&](std::uint64_t value) { return little(entry.wide ? 0xFFFFFFFF : value, 4); };
        const std::string facts = little(entry.flags, 2) + little(method, 2) + little(0, 4) +
                                  little(crc + entry.crc_lie, 4) + narrow(stored.size()) + narrow(size) +
                                  little(entry.name.size(), 2);
        directory += "PK\1\2" + little(45, 2) + little(45, 2) + facts + little(extra.size(), 2) + little(0, 2) +
                     little(0, 2) + little(0, 2) + little(0, 4) + narrow(file.size()) + entry.name + extra;
        file += "PK\3\4" + little(45, 2) + facts + little(0, 2) + entry.name + stored;
    }
    const std::string end = "PK\5\6" + little(0, 4) + little(entries.size(), 2) + little(entries.size(), 2) +
                            little(directory.size(), 4) + little(file.size(), 4) + little(comment.size(), 2) + comment;
    return file + directory + end;
}

}  // namespace jl::test
