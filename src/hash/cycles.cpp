#include "hash/cycles.hpp"

#include <algorithm>
#include <set>

namespace jl::detail {

namespace {

std::size_t count_different(const std::vector<Digest>& digests) {
    std::vector<Digest> sorted = digests;
    std::ranges::sort(sorted);
    return static_cast<std::size_t>(std::ranges::unique(sorted).begin() - sorted.begin());
}

}  // namespace

Digest sorted_digest(std::byte tag, std::span<Digest> digests) {
    std::ranges::sort(digests);
    constexpr std::size_t at_once = 64;
    std::byte bytes[1 + at_once * digest_bytes];
    bytes[0] = tag;
    if (digests.size() <= at_once) {
        for (std::size_t i = 0; i < digests.size(); ++i) store(bytes + 1 + i * digest_bytes, digests[i]);
        return xxh3({bytes, 1 + digests.size() * digest_bytes});
    }
    RunningXxh3 running;
    running.update({bytes, 1});
    for (std::size_t first = 0; first < digests.size(); first += at_once) {
        const std::size_t count = std::min(at_once, digests.size() - first);
        for (std::size_t i = 0; i < count; ++i) store(bytes + i * digest_bytes, digests[first + i]);
        running.update({bytes, count * digest_bytes});
    }
    return running.digest();
}

std::uint32_t Cycles::add() {
    bodies_.emplace_back();
    return static_cast<std::uint32_t>(bodies_.size() - 1);
}

Digest Cycles::digest_of(const CyclicBody& body, const std::vector<Digest>& nodes) {
    bytes_ = body.bytes;
    for (const CyclicRef& ref : body.refs) store(bytes_.data() + ref.at, nodes[ref.node]);
    if (!body.sorted) {
        if (!body.before) return xxh3(bytes_);
        RunningXxh3 running(*body.before);
        running.update(bytes_);
        return running.digest();
    }
    sorted_ = body.digests;
    std::size_t start = 0;
    for (const std::size_t end : body.ends) {
        sorted_.push_back(xxh3(std::span(bytes_).subspan(start, end - start)));
        start = end;
    }
    return sorted_digest(body.tag, sorted_);
}

Cycles::Result Cycles::solve(std::uint32_t root) {
    std::vector<Digest> digests(bodies_.size());
    for (std::size_t different = 1;;) {
        std::vector<Digest> next;
        next.reserve(digests.size());
        for (const CyclicBody& body : bodies_) next.push_back(digest_of(body, digests));
        const std::size_t now_different = count_different(next);
        if (now_different == different) {
            std::set<std::pair<Digest, Digest>> pairs;
            for (std::size_t i = 0; i < digests.size(); ++i) pairs.emplace(digests[i], next[i]);
            RunningXxh3 system;
            std::byte bytes[2 * digest_bytes];
            for (const auto& [last, more] : pairs) {
                store(bytes, last), store(bytes + digest_bytes, more);
                system.update(bytes);
            }
            return {digests[root], system.digest()};
        }
        different = now_different;
        digests = std::move(next);
    }
}

}  // namespace jl::detail
