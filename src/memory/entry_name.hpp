// Folder names for function names of any kind: short, safe on every file system, and told apart where letter case is
// not.
//
//     folder_of_function("square") == "square"     folder_of_function("a/b") == "a%2Fb"
//     folder_of_function("Square") == "Square+5f0bd…"      where the full name has to be kept beside it
//
// What is not a letter of ASCII, a digit, '_', '-' or '.' is %XX. Names with capital letters, reserved or long ones end
// in '+' and 16 hexadecimal digits of their hash.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace jl {

std::string folder_of_function(std::string_view name);
// nullopt: the folder's name does not tell it ('+'), or is none that folder_of_function makes.
std::optional<std::string> function_of_folder(std::string_view folder);
// At least 32 of the hexadecimal digits; nothing else names an entry.
bool is_entry_name(std::string_view name) noexcept;

}  // namespace jl
