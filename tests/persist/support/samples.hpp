// Values and pickles that the tests of files share.
//
//     dump(sample(), path);      write_file(path, joblib_file({1, 2, 3}));
#pragma once

#include <map>
#include <string>
#include <vector>

#include <jl/jl.hpp>

#include "support/temp_dir.hpp"

namespace jl::test {

struct Sample {
    std::string name;
    std::vector<double> xs;
    std::vector<std::vector<std::int32_t>> rows;
    std::map<std::string, int> counts;
    bool operator==(const Sample&) const = default;
};

// `count` numbers that compressors find hard and eyes easy.
inline std::vector<double> numbers(std::size_t count) {
    std::vector<double> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<double>(i * 7919 % 10'007) / 3;
    return values;
}

inline Sample sample(std::size_t count = 1'000) {
    return {"sample", numbers(count), {{1, 2, 3}, {}, std::vector<std::int32_t>(50'000, 7)}, {{"a", 1}, {"b", 2}}};
}

inline std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

template <class T>
std::string dumped_text(const T& value, const DumpOptions& options = {}) {
    MemorySink sink;
    dump(value, sink, options);
    return text_of(sink.bytes());
}

// An array of doubles as joblib 1.1 writes it: protocol 4 without a frame, no padding before the payload.
inline std::string joblib_file(const std::vector<double>& values) {
    const auto text = [](std::string_view s) {
        return std::string("\x8c") + static_cast<char>(s.size()) + std::string(s);
    };
    const auto number = [](std::uint64_t n) {
        std::string digits = "J";
        for (int i = 0; i < 4; ++i) digits += static_cast<char>(static_cast<unsigned char>(n >> 8 * i));
        return digits;
    };
    std::string file("\x80\x04", 2);
    file += text("joblib.numpy_pickle") + text("NumpyArrayWrapper") + "\x93)\x81}(";
    file += text("subclass") + text("numpy") + text("ndarray") + "\x93";
    file += text("shape") + number(values.size()) + "\x85";
    file += text("order") + text("C");
    file += text("dtype") + text("numpy") + text("dtype") + "\x93" + text("f8") + "\x89\x88\x87R(K\x03" + text("<") +
            "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xff" + std::string("K\0tb", 4);
    file += text("allow_mmap") + "\x88ub";
    file += text_of(std::as_bytes(std::span(values)));
    return file + ".";
}

}  // namespace jl::test
