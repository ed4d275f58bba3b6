// What pre_dispatch says: a number, "all", or arithmetic with n_jobs, by joblib's rules and in its words. The number of
// jobs is put in first.
//
//     sum     := product (("+" | "-") product)*
//     product := factor (("*" | "//" | "/" | "%") factor)*
//     factor  := "-" factor | power
//     power   := atom ["**" factor]
//     atom    := number | "(" sum ")"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>

#include <jl/error.hpp>
#include <jl/parallel_options.hpp>

namespace jl {
namespace {

constexpr std::size_t longest = 30;
constexpr double largest = 1'000'000;

// Recursion goes no deeper than the text is long.
class Arithmetic {
  public:
    explicit Arithmetic(std::string_view text) : text_(text), rest_(text) {}

    double value() {
        if (text_.size() > longest)
            throw Error(ErrorCode::usage, "Expression '" + std::string(text_.substr(0, longest)) +
                                              "'... is too long. Max length is 30, got " +
                                              std::to_string(text_.size()) + '.');
        const double result = sum();
        if (!rest_.empty() || !std::isfinite(result)) fail();
        return result;
    }

  private:
    [[noreturn]] void fail() const {
        throw Error(ErrorCode::usage,
                    '\'' + std::string(text_) + "' is not a valid or supported arithmetic expression.");
    }
    void blanks() {
        while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
    }
    bool next(std::string_view token) {
        blanks();
        if (!rest_.starts_with(token)) return false;
        rest_.remove_prefix(token.size());
        blanks();
        return true;
    }
    double sum() {
        double value = product();
        while (true) {
            if (next("+"))
                value = limited(value + product());
            else if (next("-"))
                value = limited(value - product());
            else
                return value;
        }
    }
    double product() {
        double value = factor();
        while (true) {
            if (next("//"))
                value = limited(std::floor(value / divisor()));
            else if (next("/"))
                value = limited(value / divisor());
            else if (next("%"))
                value = modulo(value, divisor());
            else if (!rest_.starts_with("**") && next("*"))
                value = limited(value * factor());
            else
                return value;
        }
    }
    // joblib's bound, for what is computed on the way as well.
    double limited(double value) const {
        if (std::isnan(value)) fail();
        if (std::abs(value) <= largest) return value;
        char text[32];
        std::snprintf(text, sizeof text, "%.17g", value);
        throw Error(ErrorCode::usage, "Numeric literal " + std::string(text) + " is too large, max is 1000000.");
    }
    double divisor() {
        const double value = factor();
        if (value == 0) fail();
        return value;
    }
    // As Python's: the sign of the divisor.
    static double modulo(double value, double by) { return value - by * std::floor(value / by); }
    double factor() { return next("-") ? -factor() : power(); }
    double power() {
        const double base = atom();
        return next("**") ? limited(std::pow(base, factor())) : base;
    }
    double atom() {
        if (next("(")) {
            const double value = sum();
            if (!next(")")) fail();
            return value;
        }
        double value = 0;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc() || !std::isfinite(value)) fail();
        (void)limited(value);
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        blanks();
        return value;
    }

    std::string_view text_, rest_;
};

}  // namespace

std::optional<std::uint64_t> PreDispatch::batches(int n_jobs) const {
    if (number_) return number_;
    if (!text_) return 2 * static_cast<std::uint64_t>(n_jobs);
    if (*text_ == "all") return std::nullopt;
    std::string text = *text_;
    for (std::size_t at = 0; (at = text.find("n_jobs")) != std::string::npos;)
        text.replace(at, std::string_view("n_jobs").size(), std::to_string(n_jobs));
    const double value = Arithmetic(text).value();
    return value < 1 ? 1 : static_cast<std::uint64_t>(std::min(value, 1e15));
}

}  // namespace jl
