// .txt: the whole text as one str.
#include <jl/error.hpp>

#include "jlpack/input.hpp"
#include "shell/printable.hpp"

namespace jl::pack {
namespace {

void require_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const shell::Character c = shell::first_character(text.substr(at));
        if (!c.valid || (c.code >= 0xD800 && c.code < 0xE000))
            throw Error(ErrorCode::format, "the text is not UTF-8").at_byte(at);
        at += c.length;
    }
}

class TextInput final : public Input {
  public:
    explicit TextInput(shell::MappedFile file) : file_(std::move(file)) { require_utf8(file_.text()); }
    void emit(Emitter& out) const override { out.text(file_.text()); }

  private:
    shell::MappedFile file_;
};

}  // namespace

std::unique_ptr<Input> open_text(shell::MappedFile file) { return std::make_unique<TextInput>(std::move(file)); }

}  // namespace jl::pack
