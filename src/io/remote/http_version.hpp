// Which content a server's answers are of, and whether a later answer is of the same.
//
//     HttpVersion version;   version.see(head, range);   // Error{io} from the second answer on, if anything differs
//
// A value.
#pragma once

#ifdef JL_HAS_CURL

#include <cstdint>
#include <optional>
#include <string>

#include "io/remote/http_connection.hpp"

namespace jl::detail {

// "bytes 0-99/1234"; nullopt for anything else.
struct ContentRange {
    std::uint64_t first = 0, last = 0, total = 0;
};
std::optional<ContentRange> content_range(const HttpHead& head);
// "bytes */1234", of 416; nullopt for anything else.
std::optional<std::uint64_t> unsatisfied_total(const HttpHead& head);
std::optional<std::uint64_t> content_length(const HttpHead& head);

class HttpVersion {
  public:
    // The bytes that the head announces, as a range of the whole: 206, or 200 for all of it where its length is told.
    // Error{io} for a range that does not begin at `first` (where given), or an answer of another version than before.
    std::optional<ContentRange> see(const HttpHead& head, std::optional<std::uint64_t> first);

  private:
    std::optional<std::string> tag_;
    std::optional<std::uint64_t> total_;
};

}  // namespace jl::detail

#endif
