// URLs in the place of file names: http, https, s3, redis, sqlite. dump, load, File, verify, inspect and decode take
// them as they stand; here is what they are opened with.
//
//     jl::dump(obj, "redis://127.0.0.1:6379/key");   auto x = jl::load<X>("https://host/x.pkl.gz");
//     auto source = jl::open_url("s3://bucket/x.pkl");   jl::File file(source);
//
// Options come from the URL and the environment; the classes of jl/http.hpp, s3.hpp, redis.hpp, sqlite.hpp take them
// as values. Error{unsupported} for a scheme that is not known or not built in, {missing} for what is not there, {io}
// for what does not work. Messages never show passwords or the query of an http URL. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <jl/committed_sink.hpp>
#include <jl/source.hpp>

namespace jl {

// Whether a name is "scheme://…"; a file of such a name is reached as "./scheme://…".
bool is_url(std::string_view name) noexcept;

// The URL as messages have it: "https://***@host/x.pkl?***".
std::string shown_url(std::string_view url);

// Ranges of what the URL stands for. The size is known from then on, and a change of the content between two reads is
// Error{io}.
std::shared_ptr<const RandomSource> open_url(const std::string& url);
// The same in order, with as few requests as possible.
std::unique_ptr<Source> stream_url(const std::string& url);
// Error{unsupported} for http and https, which are read only.
std::unique_ptr<CommittedSink> create_url(const std::string& url);

}  // namespace jl
