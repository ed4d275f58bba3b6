// The kernels for arrays of numbers, on runs that begin inside an element: where a match would grow beyond what deflate
// can say.
#include <cstring>
#include <gtest/gtest.h>
#include <ostream>

#include "codec/support/samples.hpp"
#include "codec/unit_deflater.hpp"
#include "codec/unit_inflater.hpp"
#include "support/random.hpp"

namespace jl::detail {
namespace {

using test::Bytes;

struct Way {
    std::size_t width;
    bool deep;
};
std::ostream& operator<<(std::ostream& out, const Way& way) { return out << way.width << (way.deep ? "Deep" : "Fast"); }

class ElementsKernel : public testing::TestWithParam<Way> {
  protected:
    void expect_same(const Bytes& unit) {
        Bytes out(stored_bytes(unit.size()));
        const std::size_t size = kernel_->deflate(unit, out);
        ASSERT_GT(size, 0U);
        out.resize(size + UnitDecoder::spare_bytes);
        Bytes back(unit.size());
        streaming_unit_inflater()->decode(out, back);
        ASSERT_TRUE(back == unit);
    }

    std::size_t width_ = GetParam().width;
    std::unique_ptr<DeflateKernel> kernel_ =
        GetParam().deep ? deep_elements_kernel(width_, 16) : elements_kernel(width_);
};

// Elements, the same again, again with other low bytes in every so many of them, and so on.
TEST_P(ElementsKernel, BringsBackRunsBehindElementsWithOtherLowBytes) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    const Bytes pattern = random.bytes(500 * width_);
    for (std::size_t low = 1; low + 3 <= width_; ++low) {
        for (std::size_t every = 20; every < 90; ++every) {
            Bytes unit = pattern;
            for (int i = 0; i < 8; ++i) {
                Bytes next = pattern;
                for (std::size_t at = 0; at < next.size(); at += every * width_)
                    for (std::size_t k = 0; k < low; ++k) next[at + k] ^= static_cast<std::byte>(1 + random.below(255));
                unit = test::joined(std::move(unit), next);
            }
            ASSERT_NO_FATAL_FAILURE(expect_same(unit)) << low << " low bytes, every " << every;
        }
    }
}

TEST_P(ElementsKernel, BringsBackRunsOfEveryLength) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    for (std::size_t run = 3; run < 200; ++run) {
        Bytes unit;
        while (unit.size() < 20'000) {
            const Bytes element = random.bytes(width_);
            for (std::size_t i = 0; i < run; ++i) unit.insert(unit.end(), element.begin(), element.end());
        }
        ASSERT_NO_FATAL_FAILURE(expect_same(unit)) << run;
    }
}

INSTANTIATE_TEST_SUITE_P(Ways, ElementsKernel,
                         testing::Values(Way{4, false}, Way{8, false}, Way{4, true}, Way{8, true}),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace jl::detail
