// As much of XML as stores' answers and requests need: elements by their names, in order; no attributes.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace jl::detail {

// As it stands inside an element, or between '"'. Precondition: none of the control characters that XML cannot hold.
std::string xml_text(std::string_view text);
// The text that stands so inside an element; numbered characters stay as they are.
std::string text_of_xml(std::string_view xml);

// What stands between <name> and </name>, for each of them in order; an element that does not end is left out.
void each_xml_element(std::string_view xml, const std::string& name, const std::function<void(std::string_view)>& use);

}  // namespace jl::detail
