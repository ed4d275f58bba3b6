// dtypes as text and as pickled descriptions: no crash; what is printed is read back as the same.
#include "graph/dtype_pickle.hpp"
#include "io/input.hpp"
#include "pickle/machine.hpp"
#include "support/check.hpp"

namespace {

class Plain final : public jl::Builder {
  public:
    int classify(std::string_view, std::string_view) override { return 0; }
    bool reduce(jl::Machine&, const jl::ClassRef&, const jl::Cell&, jl::Cell&) override { return false; }
    bool build(jl::Machine&, jl::Cell&, const jl::Cell&) override { return false; }
};

jl::Cell run(jl::Document& document, std::span<const std::byte> pickle) {
    const jl::MemorySource source(pickle);
    jl::Input in(source, 0, pickle.size());
    Plain plain;
    return jl::Machine(in, document, plain).run();
}

// A dtype that was accepted: written both ways and read again.
void check(const jl::DType& dtype) {
    jl::MemorySink sink;
    jl::PickleWriter out(sink);
    out.begin(jl::CellKind::tuple, 2);
    jl::DTypeWriter().write(out, dtype);
    jl::write_descr(out, dtype);
    out.end();
    out.opcode(jl::op::stop);
    out.flush();
    jl::Document document;
    const jl::Cell both = run(document, sink.bytes());
    jl::fuzz::require(jl::dtype_from(document, both.sequence->items.data[0]) == dtype, "a pickled dtype is read back");
    (void)dtype.descr();
    (void)dtype.native().str();
}

template <class Make>
void attempt(Make make) {
    try {
        make();
    } catch (const jl::Error&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace jl;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    attempt([&] {
        const DType dtype(text);
        fuzz::require(DType(dtype.str()) == dtype, "a printed dtype is read back");
        check(dtype);
    });
    attempt([&] {
        Document document(fuzz::bounds);
        const Cell cell = run(document, std::as_bytes(std::span(data, size)));
        attempt([&] { check(dtype_from(document, cell)); });
        attempt([&] { check(dtype_from_descr(cell)); });
    });
    return 0;
}
