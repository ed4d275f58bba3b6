// The ground under every dump and load: files, fresh memory, checksums, each against the plain system or library call.
// Files are written where the program is started; they stay in the page cache, no disk is measured.
#include <benchmark/benchmark.h>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <jl/buffer.hpp>

#include "io/crc32c.hpp"
#include "io/file.hpp"
#include "io/map.hpp"
#include "support/paired.hpp"

namespace jl::bench {
namespace {

constexpr std::size_t mega = std::size_t{1} << 20;
constexpr std::size_t payload = 200 * mega;
constexpr const char* their_file = "io_bench.theirs.tmp";
constexpr const char* our_file = "io_bench.ours.tmp";

void require(bool good, const char* what) {
    if (!good) throw std::runtime_error(what);
}

// Huge pages, all of them touched: what a user's own array would be at best.
const Buffer& content() {
    static const Buffer bytes = [] {
        Buffer buffer(payload);
        std::uint64_t number = 1;
        for (std::size_t i = 0; i + 8 <= payload; i += 8) {
            number = number * 6364136223846793005U + 1442695040888963407U;
            std::memcpy(buffer.data() + i, &number, 8);
        }
        return buffer;
    }();
    return bytes;
}

struct Files {
    Files() { content(); }
    ~Files() {
        std::remove(their_file);
        std::remove(our_file);
    }
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;
};

void write_by_system(std::span<const std::byte> bytes) {
    const Descriptor fd(::open(their_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd.get(), bytes.data(), bytes.size());
        require(count > 0, "write");
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

void read_by_system(std::span<std::byte> into) {
    const Descriptor fd(::open(their_file, O_RDONLY | O_CLOEXEC));
    while (!into.empty()) {
        const ssize_t count = ::read(fd.get(), into.data(), into.size());
        require(count > 0, "read");
        into = into.subspan(static_cast<std::size_t>(count));
    }
}

// In shares of one chunk, by two threads, into what was reserved.
void write_in_parallel(AtomicFile& file, std::span<const std::byte> bytes) {
    const std::uint64_t begin = file.reserve(bytes.size());
    const auto share = [&](std::size_t first) {
        for (std::size_t at = first; at < bytes.size(); at += 2 * mega) {
            file.write_at(begin + at, bytes.subspan(at, std::min(mega, bytes.size() - at)));
        }
    };
    std::jthread other(share, mega);
    share(0);
}

void read_in_parallel(const FileSource& file, std::span<std::byte> into) {
    const auto share = [&](std::size_t first) {
        for (std::size_t at = first; at < into.size(); at += 2 * mega) {
            file.read_at(at, into.subspan(at, std::min(mega, into.size() - at)));
        }
    };
    std::jthread other(share, mega);
    share(0);
}

void atomic_file_against_write(benchmark::State& state) {
    const Files files;
    paired(
        state, payload,
        [] {
            std::remove(their_file);
            write_by_system(content().bytes());
        },
        [] {
            std::remove(our_file);
            AtomicFile file(our_file);
            file.write(content().bytes());
            file.commit(AtomicFile::Sync::no);
        });
}
BENCHMARK(atomic_file_against_write)->Apply(pairs);

void atomic_file_by_two_threads_against_write(benchmark::State& state) {
    const Files files;
    paired(
        state, payload,
        [] {
            std::remove(their_file);
            write_by_system(content().bytes());
        },
        [] {
            std::remove(our_file);
            AtomicFile file(our_file);
            write_in_parallel(file, content().bytes());
            file.commit(AtomicFile::Sync::no);
        });
}
BENCHMARK(atomic_file_by_two_threads_against_write)->Apply(pairs);

void small_atomic_file_against_write(benchmark::State& state) {
    const Files files;
    constexpr int count = 200;
    paired(
        state, count * 1000,
        [] {
            for (int i = 0; i < count; ++i) write_by_system(content().bytes().first(1000));
        },
        [] {
            for (int i = 0; i < count; ++i) {
                AtomicFile file(our_file);
                file.write(content().bytes().first(1000));
                file.commit(AtomicFile::Sync::no);
            }
        });
}
BENCHMARK(small_atomic_file_against_write)->Apply(pairs);

void read_into_buffer_against_vector(benchmark::State& state) {
    const Files files;
    write_by_system(content().bytes());
    paired(
        state, payload,
        [] {
            std::vector<std::byte> fresh(payload);
            read_by_system(fresh);
            benchmark::DoNotOptimize(fresh.data());
        },
        [] {
            Buffer fresh(payload);
            FileSource(their_file).read_at(0, fresh.bytes());
            benchmark::DoNotOptimize(fresh.data());
        });
}
BENCHMARK(read_into_buffer_against_vector)->Apply(pairs);

void read_into_buffer_against_huge_pages(benchmark::State& state) {
    const Files files;
    write_by_system(content().bytes());
    paired(
        state, payload,
        [] {
            void* const fresh = ::mmap(nullptr, payload, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            require(fresh != MAP_FAILED, "mmap");
            ::madvise(fresh, payload, MADV_HUGEPAGE);
            read_by_system({static_cast<std::byte*>(fresh), payload});
            ::munmap(fresh, payload);
        },
        [] {
            Buffer fresh(payload);
            FileSource(their_file).read_at(0, fresh.bytes());
            benchmark::DoNotOptimize(fresh.data());
        });
}
BENCHMARK(read_into_buffer_against_huge_pages)->Apply(pairs);

void read_by_two_threads_against_one(benchmark::State& state) {
    const Files files;
    write_by_system(content().bytes());
    const FileSource file(their_file);
    paired(
        state, payload,
        [&] {
            Buffer fresh(payload);
            file.read_at(0, fresh.bytes());
        },
        [&] {
            Buffer fresh(payload);
            read_in_parallel(file, fresh.bytes());
        });
}
BENCHMARK(read_by_two_threads_against_one)->Apply(pairs);

void fresh_buffer_against_fresh_vector(benchmark::State& state) {
    paired(
        state, payload,
        [] {
            std::vector<std::byte> fresh(payload, std::byte{1});
            benchmark::DoNotOptimize(fresh.data());
        },
        [] {
            Buffer fresh(payload);
            std::memset(fresh.data(), 1, payload);
            benchmark::DoNotOptimize(fresh.data());
        });
}
BENCHMARK(fresh_buffer_against_fresh_vector)->Apply(pairs);

void growing_buffer_against_growing_vector(benchmark::State& state) {
    paired(
        state, payload,
        [] {
            std::vector<std::byte> grown;
            for (std::size_t size = mega; size <= payload; size += mega) grown.resize(size);
            benchmark::DoNotOptimize(grown.data());
        },
        [] {
            Buffer grown;
            for (std::size_t size = mega; size <= payload; size += mega) {
                grown.resize(size);
                std::memset(grown.data() + size - mega, 0, mega);
            }
            benchmark::DoNotOptimize(grown.data());
        });
}
BENCHMARK(growing_buffer_against_growing_vector)->Apply(pairs);

void crc32c_against_table(benchmark::State& state) {
    const auto bytes = content().bytes();
    paired(
        state, bytes.size(), [&] { benchmark::DoNotOptimize(detail::crc32c_by_table(bytes, 0)); },
        [&] { benchmark::DoNotOptimize(crc32c(bytes)); });
}
BENCHMARK(crc32c_against_table)->Apply(pairs);

void crc32c_in_cache_against_memcpy(benchmark::State& state) {
    const auto bytes = content().bytes().first(256 * 1024);
    std::vector<std::byte> copy(bytes.size());
    constexpr int count = 400;
    paired(
        state, count * bytes.size(),
        [&] {
            for (int i = 0; i < count; ++i) {
                std::memcpy(copy.data(), bytes.data(), bytes.size());
                benchmark::ClobberMemory();
            }
        },
        [&] {
            for (int i = 0; i < count; ++i) benchmark::DoNotOptimize(crc32c(bytes));
        });
}
BENCHMARK(crc32c_in_cache_against_memcpy)->Apply(pairs);

void open_and_map_against_open(benchmark::State& state) {
    const Files files;
    write_by_system(content().bytes().first(mega));
    constexpr int count = 500;
    paired(
        state, count,
        [] {
            for (int i = 0; i < count; ++i) const Descriptor fd(::open(their_file, O_RDONLY | O_CLOEXEC));
        },
        [] {
            for (int i = 0; i < count; ++i)
                benchmark::DoNotOptimize(Map::open(FileSource(their_file), MapMode::read_only));
        });
}
BENCHMARK(open_and_map_against_open)->Apply(pairs);

}  // namespace
}  // namespace jl::bench
