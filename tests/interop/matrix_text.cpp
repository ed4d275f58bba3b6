// Text, paths, bytes.
#include <array>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interop/matrix.hpp"

namespace interop {

namespace {

std::vector<std::byte> bytes_of(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

}  // namespace

void add_text(Samples& samples) {
    using namespace std::literals;
    std::string digits;
    for (int i = 0; i < 7000; ++i) digits += "0123456789";
    samples.add("string", "plain"s, "'plain'");
    samples.add("string_empty", std::string(), "''");
    samples.add("string_unicode", "caf\u00e9 \u65e5\u672c\u8a9e \U0001f600"s,
                R"('caf\u00e9 \u65e5\u672c\u8a9e \U0001f600')");
    samples.add("string_nul", "nul\0inside\0"s, R"('nul\0inside\0')");
    samples.add("string_255", std::string(255, 'x'), "'x' * 255");
    samples.add("string_256", std::string(256, 'x'), "'x' * 256");
    samples.add("string_70k", digits, "'0123456789' * 7000");
    samples.add("string_surrogate", "\xed\xa0\x80 and \xed\xb2\x80"s, R"('\ud800 and \udc80')");
    samples.add("path", std::filesystem::path("data") / "caf\u00e9.bin", R"('data/caf\u00e9.bin')");
    samples.add_written("string_view", std::string_view("view"), "'view'", "it would point into what is gone");
    samples.add_written("char_pointer", static_cast<const char*>("pointer"), "'pointer'", "it owns nothing");

    samples.add("bytes", bytes_of("\x80\x02}q\0\xff"sv), R"(b'\x80\x02}q\0\xff')");
    samples.add("bytes_empty", std::vector<std::byte>(), "b''");
    samples.add("bytes_255", std::vector<std::byte>(255, std::byte{7}), R"(b'\7' * 255)");
    samples.add("bytes_256", std::vector<std::byte>(256, std::byte{7}), R"(b'\7' * 256)");
    samples.add("bytes_70k", bytes_of(digits), "b'0123456789' * 7000");
    samples.add("bytes_array", std::array{std::byte{1}, std::byte{0}}, R"(b'\1\0')");
    static const std::vector<std::byte> owner = bytes_of("shown");
    samples.add_written("bytes_span", std::span<const std::byte>(owner), "b'shown'", "it owns nothing");
}

}  // namespace interop
