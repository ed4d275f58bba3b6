// Contiguous structures of numbers: structured arrays.
#include <array>
#include <boost/describe.hpp>
#include <complex>
#include <cstdint>
#include <span>
#include <vector>

#include "interop/matrix.hpp"

namespace interop {

struct Packed {
    float x = 0;
    std::int32_t id = 0;
    bool operator==(const Packed&) const = default;
};

struct Padded {
    std::uint8_t flag = 0;
    double value = 0;
    std::int16_t code = 0;
    bool operator==(const Padded&) const = default;
};
BOOST_DESCRIBE_STRUCT(Padded, (), (flag, value, code))

struct Fielded {
    std::array<std::uint8_t, 3> rgb{};
    std::array<float, 2> weight{};
    std::complex<float> phase;
    bool on = false;
    bool operator==(const Fielded&) const = default;
};

void add_structured(Samples& samples) {
    static const std::vector<Packed> packed{{0.5F, 1}, {-1.5F, -2}};
    const std::string both = "np.array([(0.5, 1), (-1.5, -2)], [('x', 'f4'), ('id', 'i4')])";
    samples.add("structured", packed, both);
    samples.add("structured_array", std::array{packed[0], packed[1]}, both);
    samples.add("structured_empty", std::vector<Packed>(), "np.zeros(0, [('x', 'f4'), ('id', 'i4')])");
    samples.add_written("structured_span", std::span<const Packed>(packed), both, "a span owns nothing");
    samples.add("structured_padded", std::vector<Padded>{{1, 2.5, -3}, {0, -0.5, 4}},
                "np.array([(1, 2.5, -3), (0, -0.5, 4)], "
                "np.dtype([('flag', 'u1'), ('value', 'f8'), ('code', 'i2')], align=True))");
    samples.add("structured_fields", std::vector<Fielded>{{{1, 2, 3}, {0.5F, 1.5F}, {1, -1}, true}},
                "np.array([((1, 2, 3), (0.5, 1.5), 1-1j, True)], np.dtype([('rgb', 'u1', (3,)), "
                "('weight', 'f4', (2,)), ('phase', 'c8'), ('on', '?')], align=True))");
}

}  // namespace interop
