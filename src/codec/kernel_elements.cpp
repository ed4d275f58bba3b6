// The fast kernel for arrays of numbers: each element is looked up as itself, with its successor, and by its three
// highest bytes (sign, exponent, and the mantissa's beginning: what neighbours share). One guess for each, no search.
#include <algorithm>
#include <array>
#include <memory>

#include "codec/element_matcher.hpp"
#include "codec/unit_deflater.hpp"

namespace jl::detail {
namespace {

template <class Number>
class ElementsKernel final : public DeflateKernel {
  public:
    std::size_t deflate(std::span<const std::byte> unit, std::span<std::byte> out) override;

  private:
    static constexpr std::size_t width = sizeof(Number);
    static constexpr unsigned top_shift = width * 8 - 24;       // above it: the three highest bytes
    static constexpr std::size_t batch = std::size_t{1} << 12;  // elements looked up at once
    static constexpr unsigned whole_bits = 14;
    static constexpr unsigned top_bits = 12;
    // A match may begin inside an element and grows by whole ones: beyond this there is no room for another.
    static constexpr std::uint32_t may_grow = Tokens::longest_match - sizeof(Number);
    static constexpr std::uint32_t ended = Tokens::longest_match;  // no match that could go on

    // How many bytes back something like an element may have been seen. Guesses within the window and the unit, which
    // may be wrong: what is there decides.
    struct Guess {
        std::uint16_t same;
        std::uint16_t pair;
        std::uint16_t top;
        std::uint16_t unused;
    };
    using Table = std::array<std::uint16_t, std::size_t{1} << whole_bits>;  // elements' numbers, their lower bits

    static Number load(const std::byte* at) noexcept { return load_little<Number>(at); }
    static bool same_pair(const std::byte* a, const std::byte* b) noexcept;
    static std::size_t pair_hash(const std::byte* at) noexcept;
    static std::size_t same_hash(Number number) noexcept;
    void look_up(std::size_t begin, std::size_t end);
    const std::byte* collect(const std::byte* at, const Guess* guess, const std::byte* end);
    void take_alone(const std::byte* at, std::uint32_t top, Tokens& tokens);

    ElementMatcher matcher_;
    std::uint32_t distance_ = 0;  // of the match that may go on, in bytes
    std::uint32_t length_ = ended;
    std::uint32_t farthest_top_ = deflate_window;
    Table same_;
    Table pairs_;
    std::array<std::uint16_t, std::size_t{1} << top_bits> tops_;
    std::array<Guess, batch> guesses_;
};

template <class Number>
bool ElementsKernel<Number>::same_pair(const std::byte* a, const std::byte* b) noexcept {
    if constexpr (width == 4) return load_little<std::uint64_t>(a) == load_little<std::uint64_t>(b);
    return ((load(a) ^ load(b)) | (load(a + width) ^ load(b + width))) == 0;
}

template <class Number>
std::size_t ElementsKernel<Number>::pair_hash(const std::byte* at) noexcept {
    if constexpr (width == 4) return hash64(load_little<std::uint64_t>(at), whole_bits);
    return hash64(load(at) + std::rotl(std::uint64_t{load(at + width)}, 31) * 5, whole_bits);
}

template <class Number>
std::size_t ElementsKernel<Number>::same_hash(Number number) noexcept {
    if constexpr (width == 4) return hash32(number, whole_bits);
    return hash64(number, whole_bits);
}

// Numbers in the tables are compared modulo the window, so what was seen before it gives a wrong guess, not one too
// far. Precondition: begin > 0.
template <class Number>
void ElementsKernel<Number>::look_up(std::size_t begin, std::size_t end) {
    constexpr std::uint32_t elements = deflate_window / width;
    const std::byte* at = matcher_.origin() + begin * width;
    Guess* guess = guesses_.data();
    for (std::size_t i = begin; i < end; ++i, at += width, ++guess) {
        const Number number = load(at);
        std::uint16_t& same = same_[same_hash(number)];
        std::uint16_t& pair = pairs_[pair_hash(at)];
        std::uint16_t& top = tops_[hash32(static_cast<std::uint32_t>(number >> top_shift), top_bits)];
        const auto back = [before = static_cast<std::uint32_t>(i) - 1](std::uint16_t seen) {
            return ((before - seen) % elements + 1) * std::uint64_t{width};
        };
        // One store instead of three. (Guess in the order of its members, lowest first.)
        store_little(reinterpret_cast<std::byte*>(guess), back(same) | back(pair) << 16 | back(top) << 32);
        same = pair = top = static_cast<std::uint16_t>(i);
    }
}

// Takes elements until `end` or until the block is full; returns the next one. An element goes on with the match before
// it, or begins one of its own: where a pair was seen, else where it was seen alone. Nothing of that can be predicted,
// so it is computed without branches; an element that was not seen at all is rarer.
template <class Number>
const std::byte* ElementsKernel<Number>::collect(const std::byte* at, const Guess* guess, const std::byte* end) {
    // Tells the compiler not to make a branch of it.
    const auto choose = [](bool first, std::uint32_t a, std::uint32_t b) {
        return __builtin_expect_with_probability(static_cast<long>(first), 1, 0.5) != 0 ? a : b;
    };
    Tokens tokens = matcher_.tokens();
    std::uint32_t distance = distance_;
    std::uint32_t length = length_;
    for (; at < end && !tokens.full(); at += width, ++guess) {
        const Number number = load(at);
        const bool pair_holds = same_pair(at, at - guess->pair);
        const bool same_holds = number == load(at - guess->same);
        const bool goes_on = ((number ^ load(at - distance)) | static_cast<Number>(length > may_grow)) == 0;
        const std::uint32_t fresh = choose(pair_holds, guess->pair, guess->same);
        if ((static_cast<unsigned>(pair_holds) | static_cast<unsigned>(same_holds) | static_cast<unsigned>(goes_on)) !=
            0) {
            distance = choose(goes_on, distance, fresh);
            length = choose(goes_on, length, 0) + std::uint32_t{width};
            tokens.last += goes_on ? 0 : 1;
            *tokens.last = Tokens::match_of(length, distance);
        } else {
            take_alone(at, guess->top, tokens);
            distance = distance_;
            length = length_;
        }
    }
    matcher_.tokens() = tokens;
    distance_ = distance;
    length_ = length;
    return at;
}

// An element of which at most the high bytes were seen: they are a match where that may pay. It leaves distance_ and
// length_ as the element behind has to find them.
template <class Number>
void ElementsKernel<Number>::take_alone(const std::byte* at, std::uint32_t top, Tokens& tokens) {
    const Number different = load(at) ^ load(at - top);
    if (top <= farthest_top_ && different >> top_shift == 0) {
        const std::uint32_t low = (static_cast<std::uint32_t>(std::bit_width(different)) + 7) / 8;
        length_ = static_cast<std::uint32_t>(width) - low;
        distance_ = top;
        if (low > 0) tokens.literals(low);
        tokens.match(length_, distance_);
    } else {
        length_ = ended;
        tokens.literals(width);
    }
}

template <class Number>
std::size_t ElementsKernel<Number>::deflate(std::span<const std::byte> unit, std::span<std::byte> out) {
    // Looks reach beyond an element, so the last ones are not looked up; and the first has nothing before it.
    constexpr std::size_t reach = 2;
    constexpr std::uint32_t near = 512;
    matcher_.begin(unit, out);
    if (unit.size() < (reach + 2) * width) return matcher_.finish(unit.data());
    same_.fill(0);
    pairs_.fill(0);
    tops_.fill(0);
    farthest_top_ = deflate_window;
    length_ = ended;
    distance_ = width;
    matcher_.tokens().literals(width);
    const std::byte* at = unit.data() + width;
    const std::size_t count = unit.size() / width - reach;
    for (std::size_t begin = 1; begin < count; begin += batch) {
        const std::size_t end = std::min(count, begin + batch);
        const std::byte* const first = unit.data() + begin * width;
        const std::byte* const stop = unit.data() + end * width;
        look_up(begin, end);
        while (at < stop) {
            at = collect(at, guesses_.data() + static_cast<std::size_t>(at - first) / width, stop);
            if (!matcher_.tokens().full()) continue;
            if (!matcher_.end_block(at)) return 0;
            length_ = ended;
            // Where matches are rare, literals are cheap: then a far match of three bytes costs more than it saves.
            farthest_top_ = matcher_.has_many_matches() ? deflate_window : near;
        }
    }
    return matcher_.finish(at);
}

}  // namespace

std::unique_ptr<DeflateKernel> elements_kernel(std::size_t width) {
    if (width == 4) return std::make_unique<ElementsKernel<std::uint32_t>>();
    return std::make_unique<ElementsKernel<std::uint64_t>>();
}

}  // namespace jl::detail
