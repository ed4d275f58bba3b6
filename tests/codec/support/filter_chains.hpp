// Text through one filter of Boost.Iostreams, pushed and pulled; what a filter throws comes out.
#pragma once

#include <algorithm>
#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <span>
#include <string>
#include <string_view>

#include "codec/support/samples.hpp"

namespace jl::test {

inline std::string chars(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class Filter>
std::string pushed(const Filter& filter, std::string_view text) {
    std::string into;
    boost::iostreams::filtering_ostream out;
    out.push(filter);
    out.push(boost::iostreams::back_inserter(into));
    out.exceptions(std::ios::badbit);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    boost::iostreams::close(out);
    return into;
}

template <class Filter>
std::string pulled(const Filter& filter, std::string_view text) {
    boost::iostreams::filtering_istream in;
    in.push(filter);
    in.push(boost::iostreams::array_source(text.data(), text.size()));
    in.exceptions(std::ios::badbit);
    std::string all;
    char piece[1000];
    for (std::streamsize count = 1; count > 0; all.append(piece, static_cast<std::size_t>(count)))
        count = in.rdbuf()->sgetn(piece, sizeof piece);
    return all;
}

// A source that gives a byte at a time.
class Dribble {
  public:
    using char_type = char;
    using category = boost::iostreams::source_tag;

    explicit Dribble(std::string text) : text_(std::move(text)) {}
    std::streamsize read(char* into, std::streamsize count) {
        if (next_ == text_.size() || count == 0) return -1;
        *into = text_[next_++];
        return 1;
    }

  private:
    std::string text_;
    std::size_t next_ = 0;
};

}  // namespace jl::test
