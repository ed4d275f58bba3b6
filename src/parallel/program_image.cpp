#include "parallel/program_image.hpp"

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <link.h>
#include <map>
#include <optional>
#include <span>
#include <sys/stat.h>

namespace jl {
namespace {

std::string hex(std::span<const unsigned char> bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : bytes) text += digits[byte >> 4], text += digits[byte & 15];
    return text;
}

// Of the notes in one segment.
std::optional<std::string> build_id(std::span<const unsigned char> notes) {
    const auto padded = [](std::size_t size) { return (size + 3) & ~std::size_t{3}; };
    while (notes.size() >= sizeof(ElfW(Nhdr))) {
        ElfW(Nhdr) note;
        std::memcpy(&note, notes.data(), sizeof note);
        const std::size_t begin = sizeof note + padded(note.n_namesz);
        if (begin + note.n_descsz > notes.size()) return std::nullopt;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && !std::memcmp(&notes[sizeof note], "GNU", 4))
            return hex(notes.subspan(begin, note.n_descsz));
        notes = notes.subspan(std::min(begin + padded(note.n_descsz), notes.size()));
    }
    return std::nullopt;
}

std::optional<std::string> build_id(const dl_phdr_info& image) {
    for (const ElfW(Phdr) & part : std::span(image.dlpi_phdr, image.dlpi_phnum)) {
        if (part.p_type != PT_NOTE) continue;
        const auto* const notes = reinterpret_cast<const unsigned char*>(image.dlpi_addr + part.p_vaddr);
        if (auto id = build_id(std::span(notes, part.p_memsz))) return id;
    }
    return std::nullopt;
}

std::string state_of_file() {
    struct stat file = {};
    if (::stat("/proc/self/exe", &file) != 0) return "unknown";
    return std::to_string(file.st_dev) + '.' + std::to_string(file.st_ino) + '.' + std::to_string(file.st_size) + '.' +
           std::to_string(file.st_mtime);
}

std::string_view take_line(std::string_view& text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

std::map<std::string_view, std::string_view> ids_by_path(std::string_view lines) {
    std::map<std::string_view, std::string_view> ids;
    while (!lines.empty()) {
        const std::string_view line = take_line(lines);
        const std::size_t space = std::min(line.find(' '), line.size());
        if (space < line.size()) ids.emplace(line.substr(space + 1), line.substr(0, space));
    }
    return ids;
}

}  // namespace

std::string program_identity() {
    std::string lines;
    ::dl_iterate_phdr(
        [](dl_phdr_info* image, std::size_t, void* into) {
            auto& text = *static_cast<std::string*>(into);
            const auto id = build_id(*image);
            const std::string_view path = image->dlpi_name ? image->dlpi_name : "";
            if (text.empty())
                text = id ? *id : state_of_file();  // the program comes first
            else if (id && path.find('/') != std::string_view::npos && path.find('\n') == std::string_view::npos)
                (((text += '\n') += *id) += ' ') += path;
            return 0;
        },
        &lines);
    return lines;
}

std::string difference_from(std::string_view identity) {
    const std::string own = program_identity();
    std::string_view mine = own;
    const std::string_view my_program = take_line(mine), their_program = take_line(identity);
    if (my_program != their_program)
        return "is another program: '" + std::string(their_program.substr(0, 100)) + "' instead of '" +
               std::string(my_program) + "'";
    const auto theirs = ids_by_path(identity);
    for (const auto& [path, id] : ids_by_path(mine)) {
        const auto other = theirs.find(path);
        if (other != theirs.end() && other->second != id)
            return "has another build of " + std::string(path) +
                   " than this program, which began before it was replaced";
    }
    return {};
}

}  // namespace jl
