// Runs a fuzz target over files, without libFuzzer: corpora and regressions as an ordinary test.
//
//     replay_<target> [--mutations=N] <file or folder>...
//
// Each input runs as it is, then N times (default 16) mutated, with the target's own mutator when it has one; the same
// inputs in the same order every time. Fails when there is no input at all, when one takes longer than 20 s (the alarm
// ends the program) or lifts memory use by more than 64 MiB + 8 x its size; the input is named on stderr first.
#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" __attribute__((weak)) int LLVMFuzzerInitialize(int* argc, char*** argv);
extern "C" __attribute__((weak)) std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                                                     std::size_t max_size, unsigned int seed);
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool instrumented = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool instrumented = true;
#else
constexpr bool instrumented = false;
#endif
#else
constexpr bool instrumented = false;
#endif

constexpr unsigned seconds_per_input = instrumented ? 120 : 20;
constexpr std::uint64_t memory_base = std::uint64_t{64} << 20;
constexpr std::uint64_t memory_per_byte = 8;

std::mt19937 generator;    // seeded anew for each input, so that a file's mutations do not depend on its neighbours
char current_input[4096];  // read by the signal handler

void name_input() {
    constexpr std::string_view say = "replay: failed on ";
    for (const std::string_view part : {say, std::string_view(current_input), std::string_view("\n")}) {
        if (write(STDERR_FILENO, part.data(), part.size()) < 0) return;
    }
}

[[noreturn]] void report_and_die(int) {
    name_input();
    _exit(1);
}

// A sanitizer reports what it catches by itself, with a stack.
void catch_failures() {
    for (const int signal : {SIGABRT, SIGALRM}) std::signal(signal, report_and_die);
    if (__sanitizer_set_death_callback) {
        __sanitizer_set_death_callback(name_input);
    } else {
        for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(signal, report_and_die);
    }
}

std::vector<fs::path> files_in(const fs::path& root) {
    std::vector<fs::path> found;
    if (fs::is_regular_file(root)) found.push_back(root);
    if (!fs::is_directory(root)) return found;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        if (entry.is_regular_file()) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

Bytes contents(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::uint64_t peak_memory() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

void run(const Bytes& input, const std::string& name) {
    std::snprintf(current_input, sizeof current_input, "%s", name.c_str());
    const Bytes exact(input);  // no spare capacity behind the last byte: reading past it is seen by the sanitizer
    const std::uint64_t before = peak_memory();
    alarm(seconds_per_input);
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
    alarm(0);
    const std::uint64_t grown = peak_memory() - before;
    if (!instrumented && grown > memory_base + memory_per_byte * input.size()) {
        std::fprintf(stderr, "replay: memory grew by %llu bytes for an input of %zu\n",
                     static_cast<unsigned long long>(grown), input.size());
        report_and_die(SIGABRT);
    }
}

void run_mutated(const Bytes& input, const std::string& name, unsigned mutations) {
    for (unsigned i = 0; i < mutations; ++i) {
        generator.seed(i);
        Bytes mutated(input.size() + 64);
        std::copy(input.begin(), input.end(), mutated.begin());
        const std::size_t size = LLVMFuzzerCustomMutator
                                     ? LLVMFuzzerCustomMutator(mutated.data(), input.size(), mutated.size(), i)
                                     : LLVMFuzzerMutate(mutated.data(), input.size(), mutated.size());
        mutated.resize(size);
        run(mutated, name + " (mutation " + std::to_string(i) + ")");
    }
}

}  // namespace

// What a custom mutator calls: one to four bytes set, an end cut off, or a stretch repeated.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size) {
    const auto pick = [](std::size_t bound) { return static_cast<std::size_t>(generator()) % bound; };
    if (size == 0) return 0;
    const std::size_t kind = pick(4);
    if (kind == 0) return pick(size);
    if (kind == 1 && max_size > size) {
        const std::size_t from = pick(size);
        const std::size_t length = std::min(size - from, max_size - size);
        std::copy_backward(data + from, data + size, data + size + length);
        return size + length;
    }
    for (std::size_t n = 1 + pick(4); n > 0; --n) data[pick(size)] = static_cast<std::uint8_t>(pick(256));
    return size;
}

int main(int argc, char** argv) {
    catch_failures();
    if (LLVMFuzzerInitialize) LLVMFuzzerInitialize(&argc, &argv);
    unsigned mutations = 16;
    std::size_t inputs = 0;
    run({}, "the empty input");
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (constexpr std::string_view option = "--mutations="; argument.starts_with(option)) {
            mutations = static_cast<unsigned>(std::strtoul(argv[i] + option.size(), nullptr, 10));
            continue;
        }
        for (const fs::path& file : files_in(argument)) {
            const Bytes input = contents(file);
            run(input, file.string());
            run_mutated(input, file.string(), mutations);
            ++inputs;
        }
    }
    std::printf("%zu inputs, %u mutations of each\n", inputs, mutations);
    return inputs > 0 ? 0 : 1;
}
