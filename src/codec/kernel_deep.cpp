// The thorough kernel for arrays of numbers: all places of the window where an element was seen, up to a number of
// tries, and the longest match among them.
#include <algorithm>
#include <array>
#include <memory>

#include "codec/element_matcher.hpp"
#include "codec/unit_deflater.hpp"

namespace jl::detail {
namespace {

template <class Number>
class DeepElementsKernel final : public DeflateKernel {
  public:
    explicit DeepElementsKernel(unsigned tries) : tries_(tries) {}
    std::size_t deflate(std::span<const std::byte> unit, std::span<std::byte> out) override;

  private:
    static constexpr std::size_t width = sizeof(Number);
    static constexpr unsigned top_shift = width * 8 - 24;  // above it: the three highest bytes
    static constexpr unsigned hash_bits = 15;
    static constexpr std::uint32_t longest = 256;
    static constexpr int cost_of_one = 16;                           // bits of a match of a single element
    static constexpr std::size_t elements = deflate_window / width;  // of the window

    struct Match {
        std::uint32_t length = 0;  // 0: none
        std::uint32_t distance = 0;
    };

    // Bits that a match saves, about: what its elements would take one by one, less what its distance takes.
    static int worth(const Match& match) noexcept {
        constexpr int per_element = 10;
        return static_cast<int>(match.length / width) * per_element - static_cast<int>(std::bit_width(match.distance));
    }

    static Number load(const std::byte* at) noexcept { return load_little<Number>(at); }
    static std::size_t hash(Number number) noexcept {
        return hash64((number ^ std::uint64_t{number} >> 15) * 5, hash_bits);
    }
    const std::byte* place(std::uint32_t number) const noexcept { return matcher_.origin() + number * width; }
    std::uint32_t agreeing(const std::byte* at, const std::byte* seen, std::uint32_t most) const noexcept;
    void enter(std::uint32_t number);
    Match find(std::uint32_t number, std::uint32_t enough) const;
    Match find_top(std::uint32_t number) const;
    void put_alone(std::uint32_t number);
    std::uint32_t step(std::uint32_t number);

    unsigned tries_;
    ElementMatcher matcher_;
    std::uint32_t farthest_top_ = deflate_window;
    // Elements' numbers plus one, 0: none. first_: the last one of each hash; before_: the one before it, for each of
    // the window.
    std::array<std::uint32_t, std::size_t{1} << hash_bits> first_;
    std::array<std::uint32_t, elements> before_;
    std::array<std::uint32_t, std::size_t{1} << 12> tops_;
    Match next_;  // what find() says of the element next_of_
    std::uint32_t next_of_ = 0;
    std::uint32_t entered_ = 0;  // elements before this one can be found
};

// Bytes that agree, in whole elements; at most `most`.
template <class Number>
std::uint32_t DeepElementsKernel<Number>::agreeing(const std::byte* at, const std::byte* seen,
                                                   std::uint32_t most) const noexcept {
    std::uint32_t length = 0;
    while (length + width <= most && matcher_.end() - at >= static_cast<std::ptrdiff_t>(length + width) &&
           load(at + length) == load(seen + length)) {
        length += static_cast<std::uint32_t>(width);
    }
    return length;
}

template <class Number>
void DeepElementsKernel<Number>::enter(std::uint32_t number) {
    for (; entered_ < number; ++entered_) {
        const Number value = load(place(entered_));
        std::uint32_t& first = first_[hash(value)];
        before_[entered_ % elements] = first;
        first = entered_ + 1;
        tops_[hash32(static_cast<std::uint32_t>(value >> top_shift), 12)] = entered_ + 1;
    }
}

// The match that is worth most; one of `enough` bytes ends the search.
template <class Number>
auto DeepElementsKernel<Number>::find(std::uint32_t number, std::uint32_t enough) const -> Match {
    Match best;
    const std::byte* const at = place(number);
    std::uint32_t seen = first_[hash(load(at))];
    for (unsigned left = tries_; left > 0 && seen != 0 && number - (seen - 1) <= elements; --left) {
        const std::byte* const there = place(seen - 1);
        // Where the best so far ends there must be one more.
        const bool may_be_longer =
            best.length == 0 || (matcher_.end() - at >= static_cast<std::ptrdiff_t>(best.length + width) &&
                                 load(at + best.length) == load(there + best.length));
        if (may_be_longer) {
            const std::uint32_t length = agreeing(at, there, longest);
            const Match match{length, static_cast<std::uint32_t>(at - there)};
            if (best.length == 0 || (length > best.length && worth(match) > worth(best))) best = match;
            if (best.length >= enough) break;
        }
        seen = before_[(seen - 1) % elements];
    }
    return best;
}

// A match of the element's three highest bytes or more of them, and of what goes on behind it.
template <class Number>
auto DeepElementsKernel<Number>::find_top(std::uint32_t number) const -> Match {
    const std::byte* const at = place(number);
    const std::uint32_t seen = tops_[hash32(static_cast<std::uint32_t>(load(at) >> top_shift), 12)];
    if (seen == 0) return {};
    const auto distance = static_cast<std::uint32_t>((number - (seen - 1)) * width);
    const Number different = load(at) ^ load(at - distance);
    if (distance > farthest_top_ || different == 0 || different >> top_shift != 0) return {};
    const std::uint32_t low = (static_cast<std::uint32_t>(std::bit_width(different)) + 7) / 8;
    const std::uint32_t high = static_cast<std::uint32_t>(width) - low;
    return {high + agreeing(at + width, at + width - distance, Tokens::longest_match - high), distance};
}

template <class Number>
std::uint32_t DeepElementsKernel<Number>::step(std::uint32_t number) {
    enter(number);
    const Match match = next_of_ == number && number != 0 ? next_ : find(number, longest);
    if (match.length == 0) {
        const Match top = find_top(number);
        const auto low = static_cast<std::uint32_t>(width - top.length % width);
        matcher_.tokens().literals(top.length == 0 ? static_cast<std::uint32_t>(width) : low);
        if (top.length != 0) matcher_.tokens().match(top.length, top.distance);
        return number + 1 + static_cast<std::uint32_t>(top.length / width);
    }
    // A better match of the next element may be worth ending this one after a single element.
    if (match.length < longest / 4 && matcher_.end() - place(number) >= static_cast<std::ptrdiff_t>(3 * width)) {
        enter(number + 1);
        next_ = find(number + 1, longest);
        next_of_ = number + 1;
        if (next_.length > match.length && worth(next_) > worth(match) + cost_of_one) {
            put_alone(number);
            return number + 1;
        }
    }
    matcher_.tokens().match(match.length, match.distance);
    return number + static_cast<std::uint32_t>(match.length / width);
}

// One element, as a match with its nearest like. Precondition: find() has found some.
template <class Number>
void DeepElementsKernel<Number>::put_alone(std::uint32_t number) {
    std::uint32_t seen = before_[number % elements];
    while (load(place(seen - 1)) != load(place(number))) seen = before_[(seen - 1) % elements];
    matcher_.tokens().match(static_cast<std::uint32_t>(width),
                            static_cast<std::uint32_t>((number - (seen - 1)) * width));
}

template <class Number>
std::size_t DeepElementsKernel<Number>::deflate(std::span<const std::byte> unit, std::span<std::byte> out) {
    constexpr std::uint32_t near = 512;
    matcher_.begin(unit, out);
    first_.fill(0);
    tops_.fill(0);
    entered_ = 0;
    next_of_ = 0;
    farthest_top_ = deflate_window;
    const auto count = static_cast<std::uint32_t>(unit.size() / width);
    std::uint32_t number = 0;
    while (number < count) {
        number = step(number);
        if (!matcher_.tokens().full()) continue;
        if (!matcher_.end_block(place(number))) return 0;
        farthest_top_ = matcher_.has_many_matches() ? deflate_window : near;
    }
    return matcher_.finish(place(number));
}

}  // namespace

std::unique_ptr<DeflateKernel> deep_elements_kernel(std::size_t width, unsigned tries) {
    if (width == 4) return std::make_unique<DeepElementsKernel<std::uint32_t>>(tries);
    return std::make_unique<DeepElementsKernel<std::uint64_t>>(tries);
}

}  // namespace jl::detail
