// Peak memory does not depend on the amount of data: a process of its own measures itself.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "codec/support/every_codec.hpp"

namespace jl {
namespace {

using test::Bytes;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool instrumented = true;
#elif defined(__has_feature)
constexpr bool instrumented = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool instrumented = false;
#endif

std::uint64_t peak() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

// By how many bytes `work` lifts the peak of a process, in MiB.
template <class Work>
std::uint64_t growth_in_mib(Work work) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        const std::uint64_t before = peak();
        work();
        const std::uint64_t grown = peak() - before;
        const bool told = ::write(ends[1], &grown, sizeof grown) == sizeof grown;
        _exit(told ? 0 : 1);
    }
    std::uint64_t grown = 0;
    EXPECT_EQ(::read(ends[0], &grown, sizeof grown), static_cast<ssize_t>(sizeof grown));
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    close(ends[0]);
    close(ends[1]);
    return grown >> 20;
}

class Memory : public test::EveryCodec {
  protected:
    // Units that are being coded or wait for their turn, both forms of each, and what the codec's library needs itself.
    std::uint64_t bound_in_mib(unsigned threads) const {
        const std::uint64_t of_a_coder = is("bz2") ? 9 : is("xz") || is("lzma") ? 16 : is("zstd") ? 4 : 0;
        return (((threads + 2) * 2 * unit_bytes()) >> 20) + 1 + threads * of_a_coder;
    }
    Bytes content() const { return sample(16 * unit_bytes()); }
};
INSTANTIATE_TEST_SUITE_P(, Memory, test::every_codec(), test::codec_name);

TEST_P(Memory, OfEncodingIsBounded) {
    const Bytes content = this->content();
    for (const unsigned threads : {1U, 2U}) {
        const auto grown = growth_in_mib([&] {
            test::CountingSink sink;
            const auto out = encoded(sink, quick(), {.n_threads = threads});
            for (std::size_t i = 0; i < 8; ++i) out->write(std::span(content).subspan(i * unit_bytes(), unit_bytes()));
            out->write(std::span(content).subspan(8 * unit_bytes()));
            out->finish();
        });
        if (!instrumented) {
            EXPECT_LE(grown, bound_in_mib(threads)) << threads;
        }
    }
}

void read_through(Source& in) {
    Bytes piece(100'000);
    while (in.read(piece) > 0) {
    }
}

TEST_P(Memory, OfDecodingIsBounded) {
    std::vector<Bytes> streams{test::encode(content(), quick(), 2)};
    if (is("gzip")) streams.push_back(test::foreign(content(), 31, 1));
    for (const unsigned threads : {1U, 2U, 4U}) {
        for (const Bytes& stream : streams) {
            const auto grown = growth_in_mib([&] {
                const MemorySource source(stream);
                read_through(*decoded(source, codec(), {.n_threads = threads}));
                auto pieces = std::make_unique<test::PieceSource>(stream, 10'000);
                read_through(*decoded(std::move(pieces), codec(), {.n_threads = threads}));
            });
            if (!instrumented) {
                EXPECT_LE(grown, bound_in_mib(threads)) << threads;
            }
        }
    }
}

}  // namespace
}  // namespace jl
