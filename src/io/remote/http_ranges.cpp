#ifdef JL_HAS_CURL

#include "io/remote/http_ranges.hpp"

#include <algorithm>
#include <cstring>

#include <jl/error.hpp>

namespace jl::detail {
namespace {

constexpr std::size_t most_a_request = std::size_t{32} << 20;

[[noreturn]] void refuse_whole(const HttpHead& head) {
    throw Error(ErrorCode::unsupported, "the server knows no ranges: it answers " + std::to_string(head.status) +
                                            " with the whole file; load it in order instead");
}

// Appends what comes, no more than was announced.
std::function<bool(std::span<const std::byte>)> appending(std::vector<std::byte>& to, const std::uint64_t& announced) {
    return [&to, &announced](std::span<const std::byte> bytes) {
        if (bytes.size() > announced - std::min<std::uint64_t>(announced, to.size()))
            throw Error(ErrorCode::io,
                        "the server sends more than the " + std::to_string(announced) + " bytes that it announced");
        to.insert(to.end(), bytes.begin(), bytes.end());
        return true;
    };
}

}  // namespace

HttpRanges::HttpRanges(HttpTarget target) : client_(std::move(target)), windows_(0) {
    Tail tail = fetch_tail();
    windows_.start(tail.size, std::move(tail.bytes));
}

HttpRanges::Tail HttpRanges::fetch_tail() {
    const std::uint64_t wanted = std::max<std::uint64_t>(client_.target().options.tail_bytes, 1);
    Tail tail;
    std::uint64_t announced = 0;
    const auto see = [&](const HttpHead& head) {
        HttpVersion first;
        const auto range = first.see(head, std::nullopt);
        const bool is_tail = range && range->last + 1 >= range->total &&
                             (range->total <= wanted ? range->first == 0 : range->total - range->first == wanted);
        if (head.status != 206 && !(range && range->total <= wanted)) refuse_whole(head);
        if (!is_tail)
            throw Error(ErrorCode::io,
                        "the server answers with another range than the last " + std::to_string(wanted) + " bytes");
        tail.size = range->total;
        announced = range->total == 0 ? 0 : range->last - range->first + 1;
        version_ = first;
    };
    const HttpOutcome outcome = client_.run(
        [&](HttpCall& call) {
            tail = {};
            call.range = "-" + std::to_string(wanted);
            call.on_head = see;
            call.on_body = appending(tail.bytes, announced);
        },
        416);
    if (outcome.head.status == 416) {
        const bool empty = unsatisfied_total(outcome.head) == std::uint64_t{0} ||
                           xml_element(outcome.error_body, "ActualObjectSize") == "0";
        if (!empty) fail_http(outcome, 1, client_.target().shown);
        return {};
    }
    if (tail.bytes.size() != announced)
        throw Error(ErrorCode::io, "the server announced " + std::to_string(announced) + " bytes and sent " +
                                       std::to_string(tail.bytes.size()))
            .in_file(client_.target().shown);
    return tail;
}

void HttpRanges::read(std::uint64_t offset, std::span<std::byte> into) {
    try {
        windows_.read(offset, into, [this](std::uint64_t at, std::span<std::byte> part) {
            for (std::size_t done = 0; done < part.size(); done += most_a_request)
                fetch(at + done, part.subspan(done, std::min(most_a_request, part.size() - done)));
        });
    } catch (Error& error) {
        error.in_file(client_.target().shown);
        throw;
    }
}

// An attempt goes on where the one before it ended.
void HttpRanges::fetch(std::uint64_t offset, std::span<std::byte> into) {
    std::span<std::byte> rest = into;
    const auto next = [&] { return offset + (into.size() - rest.size()); };
    const std::uint64_t last = offset + into.size() - 1;
    const auto see = [&](const HttpHead& head) {
        if (head.status != 206) refuse_whole(head);
        const std::lock_guard lock(mutex_);
        const auto range = version_.see(head, next());
        if (range && range->last == last) return;
        throw Error(ErrorCode::io, "the server answers with the bytes up to " +
                                       std::to_string(range ? range->last : 0) + ", asked for were those up to " +
                                       std::to_string(last));
    };
    client_.run([&](HttpCall& call) {
        call.range = std::to_string(next()) + "-" + std::to_string(last);
        call.on_head = see;
        call.on_body = [&](std::span<const std::byte> bytes) {
            if (bytes.size() > rest.size())
                throw Error(ErrorCode::io, "the server sends more than the range that was asked for");
            std::memcpy(rest.data(), bytes.data(), bytes.size());
            rest = rest.subspan(bytes.size());
            return true;
        };
    });
    if (!rest.empty())
        throw Error(ErrorCode::io, "the server ends a range of " + std::to_string(into.size()) + " bytes " +
                                       std::to_string(rest.size()) + " bytes early");
}

}  // namespace jl::detail

#endif
