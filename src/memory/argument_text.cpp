#include "memory/argument_text.hpp"

#include <vector>

#include "array/layout.hpp"
#include "graph/numbers.hpp"
#include "memory/array_text.hpp"

namespace jl {
namespace {

constexpr std::size_t longest = 1500;  // bytes
constexpr std::size_t cut_to = 700;

struct Enough {};

class ArgumentText final : public Emitter {
  public:
    std::string take() && { return std::move(text_); }

    void none() override { put("None"); }
    void boolean(bool value) override { put(value ? "True" : "False"); }
    void integer(std::int64_t value) override { put(std::to_string(value)); }
    void unsigned_integer(std::uint64_t value) override { put(std::to_string(value)); }
    void big_integer(std::span<const std::byte> digits) override { put(decimal(digits)); }
    void real(double value) override { put(real_text(value)); }
    void complex(double real, double imag) override { put(complex_text(real, imag)); }
    void text(std::string_view utf8) override { quoted("", utf8); }
    void bytes(std::span<const std::byte> bytes) override { quoted("b", as_text(bytes)); }
    void bytearray(std::span<const std::byte> bytes) override { quoted("bytearray b", as_text(bytes)); }
    void array(const ArrayEvent& event) override { put(array_text(event)); }
    void scalar(const DType& dtype, std::span<const std::byte> item) override {
        std::vector<std::byte> native(item.begin(), item.end());
        make_native(native, dtype);
        put(item_text(native.data(), dtype.native()));
    }
    void dtype(const DType& dtype) override { put("dtype('" + dtype.str() + "')"); }
    void class_ref(std::string_view, std::string_view name) override { put(std::string(name)); }

    void begin(Container container, std::uint64_t size) override {
        static constexpr const char* before[] = {"[", "(", "{", "frozenset({", "{"};
        static constexpr const char* after[] = {"]", ")", "}", "})", "}"};
        if (container == Container::set && size == 0) return open("set(", ")", false);
        const auto kind = static_cast<std::size_t>(container);
        open(before[kind], container == Container::tuple && size == 1 ? ",)" : after[kind],
             container == Container::dict);
    }
    void end() override { close(); }
    void begin_object(std::string_view class_path, std::uint64_t) override {
        const auto point = class_path.find_last_of(".:");
        const std::string_view name = point == std::string_view::npos ? class_path : class_path.substr(point + 1);
        open((class_path.empty() ? "namespace" : std::string(name)) + "(", ")", false);
    }
    void begin_slotted(std::string_view class_path, std::uint64_t size) override { begin_object(class_path, size); }
    void attribute(std::string_view name) override {
        separate();
        append(std::string(name) + "=");
        open_.back().after_name = true;
    }
    void end_object() override { close(); }

    // A call is its class and its arguments, a state is left out.
    void begin_call(Call) override { open("", "", false); }
    void called() override {}
    void begin_extend(Container container, std::uint64_t size) override { begin(container, size); }
    void begin_state() override {}
    void end_state() override {}
    void end_call() override { close(); }
    bool share(const void*, const std::type_info&, std::shared_ptr<const void>) override { return false; }

  private:
    struct Open {
        std::string after;
        bool pairs;
        bool after_name = false;  // "name=" was written
        std::uint64_t items = 0;
    };

    static std::string_view as_text(std::span<const std::byte> bytes) {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    void append(std::string_view text) {
        text_ += text;
        if (text_.size() > longest) throw Enough{};
    }
    void separate() {
        if (open_.empty()) return;
        Open& around = open_.back();
        if (std::exchange(around.after_name, false)) return;
        if (around.items > 0) append(around.pairs && around.items % 2 == 1 ? ": " : ", ");
        ++around.items;
    }
    void put(std::string_view text) { separate(), append(text); }
    void open(std::string_view before, std::string after, bool pairs) {
        put(before);
        open_.push_back({std::move(after), pairs});
    }
    void close() {
        append(open_.back().after);
        open_.pop_back();
    }
    // As repr: in double quotes where single ones stand inside.
    void quoted(std::string_view prefix, std::string_view raw) {
        static constexpr char hex[] = "0123456789abcdef";
        raw = raw.substr(0, longest + 1);
        const bool has_single = raw.find('\'') != std::string_view::npos,
                   has_double = raw.find('"') != std::string_view::npos;
        const char quote = has_single && !has_double ? '"' : '\'';
        std::string text(1, quote);
        for (const char c : raw) {
            const auto byte = static_cast<unsigned char>(c);
            if (c == quote || c == '\\')
                text += '\\', text += c;
            else if (c == '\n')
                text += "\\n";
            else if (c == '\t')
                text += "\\t";
            else if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !prefix.empty()))
                text += "\\x", text += hex[byte >> 4], text += hex[byte & 15];
            else
                text += c;
        }
        put(std::string(prefix) + text + quote);
    }

    std::string text_;
    std::vector<Open> open_;
};

// As joblib cuts, and not inside a character.
std::string cut(std::string text) {
    if (text.size() <= longest) return text;
    std::size_t end = cut_to;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end) + "...";
}

}  // namespace

std::string argument_text(const std::function<void(Emitter&)>& write) {
    ArgumentText out;
    try {
        write(out);
    } catch (const Enough&) {
        // what is there is more than is shown
    }
    return cut(std::move(out).take());
}

}  // namespace jl
