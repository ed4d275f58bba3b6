// Long payloads of a call's arguments: written once, forgotten when nobody has them, without an end to their number.
#include "parallel/argument_payloads.hpp"

#include <gtest/gtest.h>
#include <set>
#include <thread>
#include <vector>

#include <jl/array.hpp>

#include "support/peak_memory.hpp"

namespace jl::test {
namespace {

using Message = ArgumentPayloads::Message;

constexpr std::uint64_t most = 1'000;

Array<double> numbers(double first) {
    Array<double> array({256});
    for (std::uint64_t i = 0; i < 256; ++i) array(i) = first + static_cast<double>(i);
    return array;
}

void put(Message& message, const Array<double>& array) {
    const OutsideScope outside(message);
    (void)message_of([&](Emitter& out) { jl::emit(out, array); });
}

std::set<std::uint64_t> numbers_in(const Message& message) {
    std::set<std::uint64_t> all;
    for (const ArgumentPayloads::Shared& payload : message.used()) all.insert(payload->number);
    return all;
}

TEST(ArgumentPayloads, AreOneForEqualArraysAsLongAsAMessageHasThem) {
    ArgumentPayloads payloads(most, "");
    Message first(payloads), second(payloads);
    put(first, numbers(1)), put(first, numbers(2));
    put(second, numbers(1)), put(second, numbers(3));
    EXPECT_EQ(numbers_in(first).size(), 2U);
    EXPECT_EQ(numbers_in(second).size(), 2U);
    EXPECT_TRUE(numbers_in(second).contains(first.used()[0]->number));
    EXPECT_FALSE(numbers_in(second).contains(first.used()[1]->number));
}

TEST(ArgumentPayloads, AreOneForThreadsThatHaveTheSameArrayAtOnce) {
    for (int round = 0; round < 50; ++round) {
        ArgumentPayloads payloads(most, "");
        std::vector<Message> messages(4, Message(payloads));
        {
            std::vector<std::jthread> threads;
            for (Message& message : messages)
                threads.emplace_back([&] {
                    for (int i = 0; i < 4; ++i) put(message, numbers(i));
                });
        }
        for (const Message& message : messages) EXPECT_EQ(numbers_in(message), numbers_in(messages[0]));
    }
}

TEST(ArgumentPayloads, ThatNobodyHasTakeNoMemory) {
    if (instrumented) return;
    const auto send_many = [] {
        ArgumentPayloads payloads(most, "");
        for (int i = 0; i < 50'000; ++i) {
            Message message(payloads);
            put(message, numbers(i / 2));
        }
    };
    EXPECT_LE(growth_in_mib(send_many), 4U);
}

TEST(ArgumentPayloads, ThatWereWantedTwiceGiveWayToOthers) {
    ArgumentPayloads payloads(most, "");
    for (int i = 0; i < 200; ++i) {
        Message message(payloads);
        put(message, numbers(i)), put(message, numbers(i));
        EXPECT_EQ(numbers_in(message).size(), 1U) << i;
    }
    // Not those that a message has: what finds no room goes with the message.
    std::vector<Message> messages;
    std::size_t outside = 0;
    for (int i = 0; i < 200; ++i) {
        messages.emplace_back(payloads);
        put(messages.back(), numbers(i)), put(messages.back(), numbers(i));
        outside += numbers_in(messages.back()).size();
    }
    EXPECT_GE(outside, 32U);
    EXPECT_LE(outside, 64U);
}

TEST(ArgumentPayloads, ThatMayBeChangedAreNotForgotten) {
    ArgumentPayloads payloads(most, "", ArgumentPayloads::Use::shared);
    const Array<double> array = numbers(1);
    std::uint64_t number = 0;
    {
        Message message(payloads);
        put(message, array);
        number = message.used().at(0)->number;
    }
    for (int i = 2; i < 20; ++i) {
        Message message(payloads);
        put(message, numbers(i));
    }
    Message message(payloads);
    put(message, array);
    EXPECT_EQ(message.used().at(0)->number, number);
}

}  // namespace
}  // namespace jl::test
