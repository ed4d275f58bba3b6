#include "shell/json_tree.hpp"

#include <charconv>

#include "shell/printable.hpp"
#include "shell/scalar.hpp"
#include "shell/traversal.hpp"

namespace jl::shell {
namespace {

constexpr std::size_t shown_bytes = 64;

std::string json_text(std::string_view text) {
    std::string out;
    append_json(out, text);
    return out;
}

std::string json_integer(const std::string& number) {
    constexpr std::int64_t exact = std::int64_t{1} << 53;  // beyond, a double is not the integer any more
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    const bool plain =
        error == std::errc() && end == number.data() + number.size() && value >= -exact && value <= exact;
    return plain ? number : json_text(number);
}

std::string json_real(const std::string& number) {
    const bool finite = number.find_first_of("ni") == std::string::npos;  // nan, inf
    return finite ? number : json_text(number);
}

std::string json_bool(const std::string& text) { return text == "True" ? "true" : "false"; }

std::string json_scalar(const Value& value) {
    const DType& dtype = value.dtype();
    if (dtype.is_structure() || dtype.is_subarray()) return json_text(hex(characters(value)));
    switch (dtype.kind()) {
        case 'b':
            return json_bool(value.number_text());
        case 'i':
        case 'u':
            return json_integer(value.number_text());
        case 'f':
            return dtype.itemsize() > 8 ? json_text(value.number_text()) : json_real(value.number_text());
        case 'c':
            return json_text(value.number_text());
        case 'M':
        case 'm':
            return json_integer(std::to_string(time_count(value)));
        case 'S':
        case 'U':
            return json_text(scalar_text(value));
        default:
            return json_text(hex(characters(value)));
    }
}

std::string json_bytes(const Value& value) {
    const std::string_view bytes = characters(value);
    return std::string(value.is_bytearray() ? "bytearray" : "bytes") + R"(","size":)" + std::to_string(bytes.size()) +
           R"(,"hex":")" + hex(bytes.substr(0, shown_bytes)) + '"';
}

std::string json_array(const Value& array, const std::string& path) {
    std::string shape;
    for (const std::uint64_t extent : array.shape()) shape += (shape.empty() ? "" : ",") + std::to_string(extent);
    const auto offset = array.file_offset();
    return R"(array","path":)" + json_text(path) + R"(,"dtype":)" + json_dtype(array.dtype()) + R"(,"shape":[)" +
           shape + R"(],"order":")" + array.order() + R"(","offset":)" + (offset ? std::to_string(*offset) : "null") +
           R"(,"nbytes":)" + std::to_string(array.nbytes());
}

class JsonVisitor final : public Visitor {
  public:
    explicit JsonVisitor(Output& out) : out_(out) {}

    void leaf(const Value& value, const Place& at) override {
        out_.write(json_leaf(value, value.kind() == Kind::array ? at.path() : std::string()));
    }
    void reference(const std::string& path) override { out_.write(R"({"kind":"ref","path":)" + json_text(path) + "}"); }
    void open(const Value& value, const Place& at) override {
        const std::string kind(value.kind_name());
        if (value.kind() == Kind::array) return out_.write(R"({"kind":")" + json_array(value, at.path()));
        const std::string name = value.class_name();
        out_.write(R"({"kind":")" + kind + '"' + (name.empty() ? "" : R"(,"class":)" + json_text(name)));
    }
    void begin(Part part) override {
        static constexpr const char* names[] = {"items", "items", "args", "items", "entries", "state"};
        out_.write(std::string(",\"") + names[static_cast<std::size_t>(part)] +
                   "\":" + (part == Part::state ? "" : "["));
    }
    void next() override { out_.write(","); }
    void key() override { out_.write("["); }
    void value() override { out_.write(","); }
    void paired() override { out_.write("]"); }
    void end(Part part) override { out_.write(part == Part::state ? "" : "]"); }
    void close(const Value&) override { out_.write("}"); }

  private:
    Output& out_;
};

void write_objects(Output& out, const Tree& tree) {
    out.write(R"(,"object":)" + std::to_string(tree.object) + R"(,"objects":[)");
    for (const ObjectInfo& each : tree.objects)
        out.write((each.number > 1 ? R"(,{"number":)" : R"({"number":)") + std::to_string(each.number) +
                  R"(,"offset":)" + std::to_string(each.offset) + R"(,"format":)" + json_text(each.format) +
                  R"(,"codec":)" + json_text(each.codec) + "}");
    out.write("]");
}

}  // namespace

std::string json_dtype(const DType& dtype) {
    return dtype.is_structure() ? valid_json(dtype.descr()) : json_text(dtype.str());
}

std::string json_leaf(const Value& value, const std::string& path) {
    const auto node = [](const std::string& rest) { return R"({"kind":")" + rest + "}"; };
    switch (value.kind()) {
        case Kind::none:
            return node("none\"");
        case Kind::boolean:
            return node(R"(bool","value":)" + json_bool(value.number_text()));
        case Kind::integer:
            return node(R"(int","value":)" + json_integer(value.number_text()));
        case Kind::real:
            return node(R"(float","value":)" + json_real(value.number_text()));
        case Kind::complex:
            return node(R"(complex","value":)" + json_text(value.number_text()));
        case Kind::text:
            return node(R"(str","value":)" + json_text(characters(value)));
        case Kind::bytes:
            return node(json_bytes(value));
        case Kind::class_ref:
            return node(R"(class","name":)" + json_text(value.class_name()));
        case Kind::scalar:
            return node(R"(scalar","dtype":)" + json_dtype(value.dtype()) + R"(,"value":)" + json_scalar(value));
        default:
            return node(json_array(value, path));
    }
}

void write_json_tree(Output& out, const Tree& tree) {
    out.write(R"({"file":)" + json_text(tree.file) + R"(,"format":)" + json_text(tree.info.format) + R"(,"codec":)" +
              json_text(tree.info.codec));
    if (!tree.objects.empty()) write_objects(out, tree);
    out.write(R"(,"root":)");
    JsonVisitor visitor(out);
    traverse(tree.root, visitor);
    out.write("}\n");
}

}  // namespace jl::shell
