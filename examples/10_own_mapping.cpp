// A type that is no aggregate and not described: say once what it is, as events and from a record.
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>
#include <xtensor/xbuilder.hpp>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

class Money {
  public:
    Money() = default;
    explicit Money(std::int64_t cents) : cents_(cents) {}
    std::int64_t cents() const { return cents_; }
    friend bool operator==(const Money&, const Money&) = default;

  private:
    std::int64_t cents_ = 0;
};

template <>
struct jl::Mapping<Money> {  // Python: an int
    static void emit(jl::Emitter& out, const Money& money) { out.integer(money.cents()); }
    static void read(const jl::Record& in, Money& money) { money = Money(in.integer<std::int64_t>()); }
};

// A container of one's own around an array: what the array is, this is.
class Signal {
  public:
    Signal() = default;
    explicit Signal(xt::xtensor<float, 1> samples) : samples_(std::move(samples)) {}
    const xt::xtensor<float, 1>& samples() const { return samples_; }

  private:
    friend struct jl::Mapping<Signal>;
    xt::xtensor<float, 1> samples_;
};

template <>
struct jl::Mapping<Signal> {
    static void emit(jl::Emitter& out, const Signal& signal) { jl::emit(out, signal.samples_); }
    static void read(const jl::Record& in, Signal& signal) {
        jl::read(in, signal.samples_);
        if (signal.samples_.size() % 2 != 0) in.fail(jl::ErrorCode::range, "a signal has an even number of samples");
    }
    static void places(jl::ArrayPlaces& places) { jl::collect_places<xt::xtensor<float, 1>>(places); }
};

struct Invoice {
    std::string customer;
    std::vector<Money> items;
    Signal signature;
};

int main() {
    const Invoice invoice{"Ada", {Money(250), Money(1'999)}, Signal(xt::ones<float>({8}))};
    jl::dump(invoice, "invoice.pkl.gz");
    const auto back = jl::load<Invoice>("invoice.pkl.gz");
    if (back.items != invoice.items || back.signature.samples() != invoice.signature.samples()) return 1;

    jl::dump(xt::xarray<float>(xt::ones<float>({7})), "odd.pkl");
    try {
        jl::load<Signal>("odd.pkl");
    } catch (const jl::Error& e) {
        std::cout << e.what() << '\n';
        return 0;
    }
    return 1;
}
