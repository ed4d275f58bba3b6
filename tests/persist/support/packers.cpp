#include "persist/support/packers.hpp"

#include <bit>

#include <jl/emitter.hpp>

#include "support/random.hpp"

namespace jl::test {

namespace {

struct AnyArray {
    DType dtype;
    std::vector<std::uint64_t> shape;
    char order;
    std::vector<std::byte> bytes;
};

}  // namespace

}  // namespace jl::test

template <>
struct jl::Mapping<jl::test::AnyArray> {
    static void emit(Emitter& out, const jl::test::AnyArray& array) {
        out.array({array.dtype, array.shape, array.order, array.bytes});
    }
};

namespace jl::test {

DType structure() {
    return DType::structure({{"a", DType("<i4"), 0}, {"b", DType(">f8"), 4}, {"c", DType("|i1"), 12}}, 13, false);
}

template <class T>
Value as_value(const T& arrays) {
    MemorySink sink;
    dump(arrays, sink);
    return load(sink.bytes());
}

// Items are small ASCII letters in steps, which are items of every type.
Value every_kind() {
    std::vector<AnyArray> arrays;
    Random random(1);
    for (const char* dtype : {"|b1", "|u1", "<i2", ">i2", "<f4", ">f8", "<c8", "<c16", "|S3", "|S7", "<U2", "<U5",
                              "|V6", "<M8[ns]", "<f2", "", "|S255", "|S256", "|S300000"}) {
        const DType type = *dtype ? DType(dtype) : structure();
        for (const auto& shape : {std::vector<std::uint64_t>{3, 7, 300}, {6'300}, {1, 4'097}, {0, 9}, {}})
            for (const char order : {'C', 'F'}) {
                std::uint64_t count = 1;
                for (const std::uint64_t n : shape) count *= n;
                if (count * type.itemsize() > (std::uint64_t{2} << 20) && shape.size() != 0) continue;
                std::vector<std::byte> bytes(static_cast<std::size_t>(count * type.itemsize()));
                const bool boolean = type.kind() == 'b';
                for (std::size_t i = 0; i < bytes.size(); ++i)
                    bytes[i] = static_cast<std::byte>(boolean                        ? i % 2
                                                      : i % type.itemsize() % 4 == 0 ? 'a' + random.below(4)
                                                                                     : 0);
                arrays.push_back({type, shape, shape.size() < 2 ? 'C' : order, std::move(bytes)});
            }
    }
    return as_value(arrays);
}

Value big_endian(std::size_t count) {
    AnyArray array{DType(">f8"), {count}, 'C', std::vector<std::byte>(count * 8)};
    for (std::size_t i = 0; i < count; ++i) {
        const auto bits = std::bit_cast<std::uint64_t>(static_cast<double>(i));
        for (std::size_t k = 0; k < 8; ++k) array.bytes[8 * i + k] = static_cast<std::byte>(bits >> (56 - 8 * k));
    }
    return as_value(array);
}

}  // namespace jl::test
