#include "parallel/task_registry.hpp"

#include <algorithm>
#include <link.h>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <jl/error.hpp>

#include "io/fork_safe_mutex.hpp"
#include "parallel/message.hpp"

namespace jl {
namespace {

struct Registry {
    ForkSafeMutex mutex;
    std::map<std::string_view, std::vector<detail::DecodeTasks>> tasks;
};

// Filled before main; lives as long as threads that ask.
Registry& registry() {
    static auto& all = *new Registry();
    return all;
}

// The program, or one of its shared libraries.
struct Image {
    std::uintptr_t base = 0;
    std::span<const ElfW(Phdr)> headers;
    std::string path = {};  // empty: the program
    bool holds(std::uintptr_t address) const noexcept {
        for (const ElfW(Phdr) & part : headers)
            if (part.p_type == PT_LOAD && (part.p_flags & PF_X) != 0 && address - base >= part.p_vaddr &&
                address - base - part.p_vaddr < part.p_memsz)
                return true;
        return false;
    }
};

std::vector<Image> images() {
    std::vector<Image> all;
    ::dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* into) {
            auto& found = *static_cast<std::vector<Image>*>(into);
            const bool is_program = found.empty();  // it comes first
            found.push_back({info->dlpi_addr, {info->dlpi_phdr, info->dlpi_phnum}, is_program ? "" : info->dlpi_name});
            return 0;
        },
        &all);
    return all;
}

Image program_image() { return images().at(0); }

// "@/usr/lib/libx.so+4096": where a decoder is, the same in every process of the program.
constexpr char before_place = '@';
std::string place_of(detail::DecodeTasks decode) {
    const auto address = reinterpret_cast<std::uintptr_t>(decode);
    for (const Image& image : images())
        if (image.holds(address)) return before_place + image.path + '+' + std::to_string(address - image.base);
    return std::string(1, before_place);
}

}  // namespace

namespace detail {

bool register_task(const char* name, DecodeTasks decode) {
    Registry& all = registry();
    const std::lock_guard lock(all.mutex);
    std::vector<DecodeTasks>& known = all.tasks[name];
    if (std::find(known.begin(), known.end(), decode) == known.end()) known.push_back(decode);
    return true;
}

std::string name_of_task(const char* name, DecodeTasks decode) {
    Registry& all = registry();
    {
        const std::lock_guard lock(all.mutex);
        const auto found = all.tasks.find(name);
        if (found == all.tasks.end() || found->second.size() <= 1) return name;
    }
    return name + place_of(decode);
}

std::vector<std::byte> encoded(const Writing& write) { return message_of(write); }

void decode(const Reading& reading, std::span<const std::byte> bytes) { read_message(reading, bytes); }

std::uint64_t place_of_function(std::uintptr_t address) {
    const Image image = program_image();
    if (!image.holds(address))
        throw Error(ErrorCode::usage,
                    "a pointer to a function of a shared library means nothing in another process: name the function, "
                    "jl::delayed<&function>(...)");
    return address - image.base;
}

std::uintptr_t function_at(std::uint64_t place) {
    const Image image = program_image();
    if (!image.holds(image.base + place))
        throw Error(ErrorCode::format, "there is no function at " + std::to_string(place) + " of the program");
    return image.base + place;
}

}  // namespace detail

detail::DecodeTasks find_task(std::string_view name) {
    const std::size_t end = std::min(name.find(before_place), name.size());
    const std::string_view place = name.substr(end);
    std::vector<detail::DecodeTasks> known;
    {
        Registry& all = registry();
        const std::lock_guard lock(all.mutex);
        if (const auto found = all.tasks.find(name.substr(0, end)); found != all.tasks.end()) known = found->second;
    }
    if (place.empty() && known.size() == 1) return known[0];
    for (const detail::DecodeTasks decode : known)
        if (place_of(decode) == place) return decode;
    throw Error(ErrorCode::missing, "the worker's program knows no task '" + std::string(name) +
                                        "': a library that has it must be loaded before main begins");
}

}  // namespace jl
