#include "parallel/task_registry.hpp"

#include <cstring>
#include <elf.h>
#include <link.h>
#include <map>
#include <mutex>
#include <optional>
#include <sys/stat.h>

#include <jl/error.hpp>

#include "io/fork_safe_mutex.hpp"
#include "parallel/message.hpp"

namespace jl {
namespace {

struct Registry {
    ForkSafeMutex mutex;
    std::map<std::string_view, detail::DecodeTasks> tasks;  // null: several of one name
};

// Filled before main; lives as long as threads that ask.
Registry& registry() {
    static auto& all = *new Registry();
    return all;
}

// The program itself, without its shared libraries.
struct ProgramImage {
    std::uintptr_t base = 0;
    std::span<const ElfW(Phdr)> headers;
    bool holds(std::uintptr_t address) const noexcept {
        for (const ElfW(Phdr) & part : headers)
            if (part.p_type == PT_LOAD && (part.p_flags & PF_X) != 0 && address - base >= part.p_vaddr &&
                address - base - part.p_vaddr < part.p_memsz)
                return true;
        return false;
    }
};

ProgramImage program_image() {
    ProgramImage image;
    ::dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* into) {
            *static_cast<ProgramImage*>(into) = {info->dlpi_addr, {info->dlpi_phdr, info->dlpi_phnum}};
            return 1;  // the program comes first
        },
        &image);
    return image;
}

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

}  // namespace

namespace detail {

bool register_task(const char* name, DecodeTasks decode) {
    Registry& all = registry();
    const std::lock_guard lock(all.mutex);
    const auto [at, is_new] = all.tasks.try_emplace(name, decode);
    if (!is_new && at->second != decode) at->second = nullptr;
    return true;
}

std::vector<std::byte> encoded(const Writing& write) { return message_of(write); }

void decode(const Reading& reading, std::span<const std::byte> bytes) { read_message(reading, bytes); }

std::uint64_t place_of_function(std::uintptr_t address) {
    const ProgramImage image = program_image();
    if (!image.holds(address))
        throw Error(ErrorCode::usage,
                    "a pointer to a function of a shared library means nothing in another process: name the function, "
                    "jl::delayed<&function>(...)");
    return address - image.base;
}

std::uintptr_t function_at(std::uint64_t place) {
    const ProgramImage image = program_image();
    if (!image.holds(image.base + place))
        throw Error(ErrorCode::format, "there is no function at " + std::to_string(place) + " of the program");
    return image.base + place;
}

}  // namespace detail

detail::DecodeTasks find_task(std::string_view name) {
    Registry& all = registry();
    const std::lock_guard lock(all.mutex);
    const auto found = all.tasks.find(name);
    if (found == all.tasks.end())
        throw Error(ErrorCode::missing, "the worker's program knows no task '" + std::string(name) + "'");
    if (!found->second)
        throw Error(ErrorCode::usage, "two functions in unnamed namespaces or static ones have the same name '" +
                                          std::string(name) + "': give one of them another name");
    return found->second;
}

std::string program_identity() {
    const ProgramImage image = program_image();
    for (const ElfW(Phdr) & part : image.headers) {
        if (part.p_type != PT_NOTE) continue;
        const auto* const notes = reinterpret_cast<const unsigned char*>(image.base + part.p_vaddr);
        if (const auto id = build_id({notes, part.p_memsz})) return *id;
    }
    struct stat file = {};
    if (::stat("/proc/self/exe", &file) != 0) return "unknown";
    return std::to_string(file.st_dev) + '.' + std::to_string(file.st_ino) + '.' + std::to_string(file.st_size) + '.' +
           std::to_string(file.st_mtime);
}

}  // namespace jl
