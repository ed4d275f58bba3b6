#include "parallel/task_registry.hpp"

#include <algorithm>
#include <link.h>
#include <map>
#include <mutex>

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

}  // namespace jl
