#include "jlunpack/file_name.hpp"

#include <cstdint>
#include <cstdio>

#include "shell/printable.hpp"

namespace jl::unpack {
namespace {

constexpr std::size_t longest_component = 200;  // of the 255 that file systems have
constexpr std::size_t longest_path = 2000;
constexpr std::size_t most_components = 200;

std::string formatted(const char* format, std::uint64_t number) {
    char text[32];
    std::snprintf(text, sizeof text, format, static_cast<unsigned long long>(number));
    return text;
}

// FNV-1a: names, not secrets.
std::string hash(std::string_view text) {
    std::uint64_t state = 0xCBF29CE484222325;
    for (const char c : text) state = (state ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    return formatted("%016llx", state);
}

std::string shortened(const std::string& component) {
    if (component.size() <= longest_component) return component;
    std::size_t cut = longest_component - 20;
    while (cut > 0 && (static_cast<unsigned char>(component[cut]) & 0xC0) == 0x80) --cut;
    for (std::size_t back = 1; back <= 2; ++back)
        if (component[cut - back] == '%') cut -= back;
    return component.substr(0, cut) + "~" + hash(component);
}

std::string safe_component(std::string_view step) {
    if (step.empty()) return "%";
    if (step == "." || step == "..") return step == "." ? "%2E" : "%2E%2E";
    std::string out;
    while (!step.empty()) {
        const shell::Character c = shell::first_character(step);
        const bool control = c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0);
        const bool surrogate = c.code >= 0xD800 && c.code < 0xE000;
        for (std::size_t i = 0; i < c.length; ++i) {
            if (!c.valid || control || surrogate)
                out += formatted("%%%02llX", static_cast<unsigned char>(step[i]));
            else
                out += step[i];
        }
        step.remove_prefix(c.length);
    }
    return out;
}

// A folder must not take the name of an extracted array, nor the one of the tree.
std::string folder_name(std::string component, bool outermost) {
    const bool like_array = component.ends_with(".npy");
    if (like_array || (outermost && component == "tree.json")) component.replace(component.rfind('.'), 1, "%2E");
    return component;
}

std::vector<std::string> components_of(std::string_view path) {
    std::vector<std::string> result;
    if (path == "/") return {"root"};
    std::size_t begin = 1;
    while (begin <= path.size()) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        result.push_back(shortened(safe_component(path.substr(begin, end - begin))));
        begin = end + 1;
    }
    for (std::size_t i = 0; i + 1 < result.size(); ++i) result[i] = folder_name(result[i], i == 0);
    return result;
}

}  // namespace

std::vector<std::string> FileNames::name_of(std::string_view path) {
    std::vector<std::string> components{"deep~" + hash(path)};
    if (path.size() <= longest_path) components = components_of(path);
    if (components.size() > most_components) components = {"deep~" + hash(path)};
    std::string whole;
    for (const std::string& component : components) whole += "/" + component;
    std::string suffix;
    for (std::uint64_t n = 2; !used_.insert(whole + suffix).second; ++n) suffix = "~" + std::to_string(n);
    components.back() += suffix + ".npy";
    return components;
}

}  // namespace jl::unpack
