#include <jl/error.hpp>
#include <jl/http.hpp>
#include <jl/redis.hpp>
#include <jl/s3.hpp>
#include <jl/sqlite.hpp>
#include <jl/url.hpp>

#include "io/remote/url_parts.hpp"

namespace jl {
namespace {

// What a scheme opens; a null `create` is for stores that are read only.
struct Scheme {
    std::string_view name;
    std::shared_ptr<const RandomSource> (*open)(const std::string& url);
    std::unique_ptr<Source> (*stream)(const std::string& url);
    std::unique_ptr<CommittedSink> (*create)(const std::string& url);
};

template <class Stored>
std::shared_ptr<const RandomSource> open(const std::string& url) {
    return std::make_shared<Stored>(url);
}

template <class Stored>
std::unique_ptr<Source> stream(const std::string& url) {
    return std::make_unique<Stored>(url);
}

template <class Stored>
std::unique_ptr<CommittedSink> create(const std::string& url) {
    return std::make_unique<Stored>(url);
}

// A source with random access, in order.
class InOrder final : public Source {
  public:
    explicit InOrder(std::shared_ptr<const RandomSource> source)
        : source_(std::move(source)), rest_(*source_, 0, source_->size()) {}
    std::size_t read(std::span<std::byte> into) override { return rest_.read(into); }
    std::optional<std::uint64_t> remaining() override { return rest_.remaining(); }

  private:
    std::shared_ptr<const RandomSource> source_;
    SequentialSource rest_;
};

template <class Stored>
std::unique_ptr<Source> in_order(const std::string& url) {
    return std::make_unique<InOrder>(std::make_shared<Stored>(url));
}

constexpr Scheme schemes[] = {
    {"http", &open<HttpSource>, &stream<HttpStream>, nullptr},
    {"https", &open<HttpSource>, &stream<HttpStream>, nullptr},
    {"s3", &open<S3Source>, &stream<S3Stream>, &create<S3Sink>},
    {"redis", &open<RedisSource>, &in_order<RedisSource>, &create<RedisSink>},
    {"sqlite", &open<SqliteSource>, &in_order<SqliteSource>, &create<SqliteSink>},
};

const Scheme& find(const std::string& url) {
    const std::string name = detail::scheme_of(url);
    std::string known;
    for (const Scheme& scheme : schemes) {
        if (scheme.name == name) return scheme;
        known += std::string(known.empty() ? "" : ", ") + std::string(scheme.name);
    }
    throw Error(ErrorCode::unsupported, "'" + name + "' is no scheme that jl knows: " + known +
                                            "; a file of this name is reached as './" + name + "://…'")
        .in_file(shown_url(url));
}

// Adds the URL to errors on their way out.
template <class Work>
auto named(const std::string& url, Work work) -> decltype(work(find(url))) {
    try {
        return work(find(url));
    } catch (Error& error) {
        error.in_file(shown_url(url));
        throw;
    }
}

}  // namespace

std::shared_ptr<const RandomSource> open_url(const std::string& url) {
    return named(url, [&](const Scheme& scheme) { return scheme.open(url); });
}

std::unique_ptr<Source> stream_url(const std::string& url) {
    return named(url, [&](const Scheme& scheme) { return scheme.stream(url); });
}

std::unique_ptr<CommittedSink> create_url(const std::string& url) {
    return named(url, [&](const Scheme& scheme) {
        if (scheme.create == nullptr)
            throw Error(ErrorCode::unsupported, std::string(scheme.name) + " is for reading only");
        return scheme.create(url);
    });
}

}  // namespace jl
