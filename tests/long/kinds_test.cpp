// 2 GiB of objects through each kind of source and sink; peaks are printed and bounded. Run by scripts/long.
#include "contract/support/kinds.hpp"

#include <gtest/gtest.h>
#include <iostream>
#include <numeric>

#include <jl/iostreams_device.hpp>

#include "support/peak_memory.hpp"

namespace jl::test {
namespace {

constexpr std::uint64_t objects = 256, rows = 1024;  // of 8 MiB
constexpr std::uint64_t most = 64;                   // MiB: one object, chunks, windows, a part of an upload

void fill(Array<double>& array, std::uint64_t number) {
    std::iota(array.data(), array.data() + array.size(), static_cast<double>(number) * 1e7);
}

template <class Kind>
class LongKinds : public testing::Test {};

using All = testing::Types<FileStream, Stdio, StdioPipe, DescriptorFile, DescriptorPipe, DescriptorSocket,
                           DescriptorThatDoesNotWait, Chain, Device, DevicePipe, Objects, SomeBytesAtATime
#ifdef JL_HAS_CURL
                           ,
                           Http
#endif
#ifdef JL_HAS_HIREDIS
                           ,
                           Redis
#endif
#ifdef JL_HAS_SQLITE
                           ,
                           Sqlite
#endif
#if defined(JL_HAS_CURL) && defined(JL_HAS_CRYPTO)
                           ,
                           S3
#endif
                           >;

struct Names {
    template <class Kind>
    static std::string GetName(int) {
        const std::string name = testing::internal::GetTypeName<Kind>();
        return name.substr(name.rfind(':') + 1);
    }
};
TYPED_TEST_SUITE(LongKinds, All, Names);

TYPED_TEST(LongKinds, TwoGibibytesGoThereAndComeBackInBoundedMemory) {
    TypeParam kind;
    kind.write([](auto&& target) { dump(1, target); });  // servers run from here on
    const std::uint64_t written = growth_in_mib([&] {
        kind.write([](auto&& target) {
            Array<double> array({rows, 1024});
            for (std::uint64_t i = 0; i < objects; ++i) {
                fill(array, i);
                dump(array, target);
            }
        });
    });
    const std::uint64_t read = growth_in_mib([&] {
        kind.read([](auto&& source) {
            Array<double> expected({rows, 1024});
            for (std::uint64_t i = 0; i < objects; ++i) {
                fill(expected, i);
                const auto found = load<Array<double>>(source);
                if (!std::equal(found.data(), found.data() + found.size(), expected.data())) throw i;
            }
        });
    });
    std::cout << "| " << Names::GetName<TypeParam>(0) << " | " << written << " | " << read << " |\n";
    EXPECT_LE(written, most);
    EXPECT_LE(read, most);
    stop_stores();
}

}  // namespace
}  // namespace jl::test
