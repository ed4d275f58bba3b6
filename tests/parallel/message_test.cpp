// Messages between processes: what is written is read, with payloads inside and outside; damage is an Error.
#include "parallel/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include <jl/array.hpp>
#include <jl/error.hpp>
#include <jl/mapping_containers.hpp>

#include "support/error.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

using Tables = std::map<std::string, std::vector<double>>;

Tables tables() {
    Tables all{{"empty", {}}, {"one", {0.5}}, {"long", std::vector<double>(20'000)}, {"two", {1, 2}}};
    std::iota(all["long"].begin(), all["long"].end(), 0.0);
    return all;
}

template <class T>
std::vector<std::byte> message_with(const T& value) {
    return message_of([&](Emitter& out) { jl::emit(out, value); });
}
template <class T>
T value_in(std::span<const std::byte> message) {
    T value;
    read_message(detail::reading_into(value), message);
    return value;
}

// Keeps every payload of more than `most` bytes.
class Kept final : public PayloadsOutside {
  public:
    explicit Kept(std::uint64_t most) : most_(most) {}
    std::optional<std::uint64_t> put(const ArrayEvent& array, std::uint64_t nbytes) override {
        if (nbytes <= most_) return std::nullopt;
        payloads.emplace_back(array.bytes.begin(), array.bytes.end());
        return 100 + payloads.size() - 1;
    }
    Found get(std::uint64_t number) override {
        if (number - 100 >= payloads.size()) throw Error(ErrorCode::format, "no such payload");
        return {.bytes = payloads[static_cast<std::size_t>(number - 100)], .may_stay = may_stay};
    }
    std::vector<std::vector<std::byte>> payloads;
    bool may_stay = true;

  private:
    std::uint64_t most_;
};

TEST(Messages, ReadWhatWasWritten) {
    EXPECT_EQ(value_in<Tables>(message_with(tables())), tables());
    EXPECT_EQ(value_in<std::string>(message_with(std::string("text"))), "text");
    EXPECT_LE(message_with(7).size(), 12U);
}

TEST(Messages, HaveLongPayloadsOutside) {
    for (const std::uint64_t most : {0U, 8U, 1'000U, 1'000'000U})
        for (const bool may_stay : {true, false}) {
            Kept kept(most);
            kept.may_stay = may_stay;
            const OutsideScope outside(kept);
            const std::vector<std::byte> message = message_with(tables());
            EXPECT_EQ(message.size() < 5'000, most < 160'000) << most;
            EXPECT_EQ(value_in<Tables>(message), tables());
        }
    Kept kept(8);
    const OutsideScope outside(kept);
    const auto array = value_in<Array<double>>(message_with(std::vector<double>{1, 2, 3}));
    EXPECT_EQ(reinterpret_cast<const std::byte*>(array.data()), kept.payloads[0].data()) << "a copy";
}

TEST(Messages, ThatReferToNothingAreRefused) {
    Kept kept(8);
    std::vector<std::byte> message;
    {
        const OutsideScope outside(kept);
        message = message_with(std::vector<double>{1, 2, 3});
        kept.payloads[0].resize(8);
        EXPECT_THAT(error_of([&] { value_in<std::vector<double>>(message); }).what(),
                    HasSubstr("an array of 24 bytes refers to 8 bytes outside of its message"));
        kept.payloads.clear();
        EXPECT_THAT(error_of([&] { value_in<std::vector<double>>(message); }).what(), HasSubstr("no such payload"));
    }
    EXPECT_THAT(error_of([&] { value_in<std::vector<double>>(message); }).what(),
                HasSubstr("refers to payloads outside of it"));
}

// Every bit of a message that has both kinds, and every length.
TEST(Messages, ThatAreDamagedAreAnErrorOrAnotherValue) {
    Kept kept(16);
    const OutsideScope outside(kept);
    const std::vector<std::byte> message = message_with(Tables{{"a", {0.5}}, {"b", {1, 2, 3}}, {"c", {}}});
    const auto try_reading = [](std::span<const std::byte> bytes) {
        try {
            value_in<Tables>(bytes);
        } catch (const Error&) {
        }
    };
    for (std::size_t i = 0; i < message.size(); ++i) {
        try_reading(std::span(message).first(i));
        for (int bit = 0; bit < 8; ++bit) {
            std::vector<std::byte> damaged = message;
            damaged[i] ^= std::byte{1} << bit;
            try_reading(damaged);
        }
    }
    EXPECT_EQ(error_of([&] { value_in<Tables>(std::span(message).first(3)); }).code(), ErrorCode::truncated);
}

}  // namespace
}  // namespace jl::test
