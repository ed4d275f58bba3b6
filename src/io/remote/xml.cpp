#include "io/remote/xml.hpp"

#include <array>
#include <utility>

namespace jl::detail {
namespace {

constexpr std::array<std::pair<std::string_view, char>, 5> entities{
    {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};

}  // namespace

std::string xml_text(std::string_view text) {
    std::string spelled;
    for (const char c : text) {
        std::string_view as(&c, 1);
        for (const auto& [entity, meaning] : entities)
            if (c == meaning) as = entity;
        spelled += as;
    }
    return spelled;
}

std::string text_of_xml(std::string_view xml) {
    std::string text;
    while (!xml.empty()) {
        std::size_t taken = 1;
        char c = xml.front();
        for (const auto& [entity, meaning] : entities)
            if (xml.starts_with(entity)) taken = entity.size(), c = meaning;
        text += c;
        xml.remove_prefix(taken);
    }
    return text;
}

void each_xml_element(std::string_view xml, const std::string& name, const std::function<void(std::string_view)>& use) {
    const std::string begin = "<" + name + ">", end = "</" + name + ">";
    for (;;) {
        const std::size_t from = xml.find(begin);
        if (from == std::string_view::npos) return;
        xml.remove_prefix(from + begin.size());
        const std::size_t to = xml.find(end);
        if (to == std::string_view::npos) return;
        use(xml.substr(0, to));
        xml.remove_prefix(to + end.size());
    }
}

}  // namespace jl::detail
