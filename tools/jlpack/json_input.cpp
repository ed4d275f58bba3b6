// .json: objects, lists and values as Python's json makes them; integers of any size stay integers.
//
// The text becomes a flat list of events with the sizes of containers, so that nesting of any depth takes no recursion.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <variant>

#include <jl/error.hpp>

#include "jlpack/input.hpp"

namespace jl::pack {
namespace {

struct Text {
    std::string characters;
};
struct BigInteger {
    std::string digits;
};
struct Begin {
    Container container;
    std::uint64_t size;
};
struct End {};
using Event = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, Text, BigInteger, Begin, End>;

// Two's complement, least significant byte first, of a decimal number.
std::vector<std::byte> bytes_of(std::string_view decimal) {
    const bool negative = decimal.starts_with('-');
    std::vector<std::byte> bytes(1);
    for (const char digit : decimal.substr(negative ? 1 : 0)) {
        unsigned carry = static_cast<unsigned>(digit - '0');
        for (std::byte& byte : bytes) {
            carry += 10 * std::to_integer<unsigned>(byte);
            byte = static_cast<std::byte>(carry & 0xFF);
            carry >>= 8;
        }
        if (carry > 0) bytes.push_back(static_cast<std::byte>(carry));
    }
    bytes.push_back(std::byte{0});
    unsigned carry = 1;
    for (std::size_t i = 0; negative && i < bytes.size(); ++i) {
        carry += std::to_integer<unsigned>(~bytes[i]);
        bytes[i] = static_cast<std::byte>(carry & 0xFF);
        carry >>= 8;
    }
    return bytes;
}

class Recorder final : public nlohmann::json::json_sax_t {
  public:
    std::vector<Event> events;
    std::string problem;

    bool null() override { return add({}); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(std::int64_t{value}); }
    bool number_unsigned(number_unsigned_t value) override { return add(std::uint64_t{value}); }
    bool number_float(number_float_t value, const string_t& text) override {
        const bool integer = text.find_first_not_of("-0123456789") == std::string::npos;
        return integer ? add(BigInteger{text}) : add(value);
    }
    bool string(string_t& value) override { return add(Text{std::move(value)}); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(Container::dict); }
    bool start_array(std::size_t) override { return open(Container::list); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& value) override {
        ++open_.back().size;
        if (!open_.back().keys.insert(value).second) {
            problem = "the key '" + value + "' stands twice in one object";
            return false;
        }
        events.emplace_back(Text{std::move(value)});
        return true;
    }
    // "[json.exception.parse_error.101] parse error at line 1, column 2: …"
    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& error) override {
        problem = error.what();
        problem.erase(0, problem.find("] ") == std::string::npos ? 0 : problem.find("] ") + 2);
        return false;
    }

  private:
    struct Open {
        std::size_t begin;
        std::uint64_t size = 0;
        std::unordered_set<std::string> keys = {};
    };

    bool add(Event event) {
        count();
        events.push_back(std::move(event));
        return true;
    }
    bool open(Container container) {
        count();
        open_.push_back({events.size()});
        events.emplace_back(Begin{container, 0});
        return true;
    }
    bool close() {
        std::get<Begin>(events[open_.back().begin]).size = open_.back().size;
        open_.pop_back();
        events.emplace_back(End{});
        return true;
    }
    // Pairs of an object are counted by their keys.
    void count() {
        if (!open_.empty() && std::get<Begin>(events[open_.back().begin]).container == Container::list)
            ++open_.back().size;
    }

    std::vector<Open> open_;
};

struct Replay {
    Emitter& out;
    void operator()(std::monostate) const { out.none(); }
    void operator()(bool value) const { out.boolean(value); }
    void operator()(std::int64_t value) const { out.integer(value); }
    void operator()(std::uint64_t value) const { out.unsigned_integer(value); }
    void operator()(double value) const { out.real(value); }
    void operator()(const Text& text) const { out.text(text.characters); }
    void operator()(const BigInteger& number) const { out.big_integer(bytes_of(number.digits)); }
    void operator()(const Begin& begin) const { out.begin(begin.container, begin.size); }
    void operator()(End) const { out.end(); }
};

class JsonInput final : public Input {
  public:
    explicit JsonInput(const shell::MappedFile& file) {
        Recorder recorder;
        const std::string_view text = file.text();
        if (!nlohmann::json::sax_parse(text.begin(), text.end(), &recorder))
            throw Error(ErrorCode::format, recorder.problem);
        events_ = std::move(recorder.events);
    }
    void emit(Emitter& out) const override {
        for (const Event& event : events_) std::visit(Replay{out}, event);
    }

  private:
    std::vector<Event> events_;
};

}  // namespace

std::unique_ptr<Input> open_json(shell::MappedFile file) { return std::make_unique<JsonInput>(file); }

}  // namespace jl::pack
