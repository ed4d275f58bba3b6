// The data that every C++ worker writes and reads, the same as in worker.py.
#pragma once

#include <cstdint>
#include <cstdio>
#include <deque>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

namespace compare {

// Payload of a .npy file of known header length 128, as the script writes it.
template <class T>
std::vector<T> npy(const std::string& path) {
    std::FILE* file = std::fopen(path.c_str(), "rb");
    if (!file) throw std::runtime_error("cannot open " + path);
    std::fseek(file, 0, SEEK_END);
    const auto bytes = static_cast<std::size_t>(std::ftell(file)) - 128;
    std::fseek(file, 128, SEEK_SET);
    std::vector<T> items(bytes / sizeof(T));
    const std::size_t got = std::fread(items.data(), sizeof(T), items.size(), file);
    std::fclose(file);
    if (got != items.size()) throw std::runtime_error("short read of " + path);
    return items;
}

inline std::deque<std::int64_t> ints() {
    std::deque<std::int64_t> items;
    for (std::int64_t i = 0; i < 1'000'000; ++i) items.push_back(i);
    return items;
}

inline std::unordered_map<std::string, double> dict() {
    std::unordered_map<std::string, double> items;
    for (int i = 0; i < 500'000; ++i) items["key" + std::to_string(i)] = i * 0.5;
    return items;
}

inline std::vector<std::vector<double>> arrays() {
    return std::vector<std::vector<double>>(100'000, std::vector<double>(10, 1.5));
}

}  // namespace compare
