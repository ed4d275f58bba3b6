// Objects in S3-compatible stores, under a key of a bucket each, through libcurl; every request is signed (AWS
// Signature Version 4).
//
//     jl::dump(obj, "s3://bucket/models/ridge.pkl.gz");    jl::load<T>("s3://bucket/x.pkl?region=eu-west-1")
//     jl::S3Sink sink({.bucket = "b", .key = "x.pkl", .endpoint = "https://minio:9000"});
//     jl::dump(obj, sink);   sink.commit();
//
// A sink holds back one part, and those that are being sent. What is shorter is one PUT at commit(); what is longer
// goes part by part, several at once, into a multipart upload, which commit() completes and which is aborted without
// it: nothing shows before, the old object stays. Errors, retries, timeouts and certificates are those of jl/http.hpp;
// a missing bucket or key is Error{missing}, a refused signature Error{io} with the store's code. Secrets are in no
// message. S3Source is thread-safe, S3Stream and S3Sink are for one thread. All need JL_WITH_CURL and JL_WITH_CRYPTO:
// without them, Error{unsupported}.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <jl/committed_sink.hpp>
#include <jl/http.hpp>
#include <jl/source.hpp>

namespace jl {

// What is empty is taken from the environment.
struct S3Place {
    std::string bucket;
    std::string key;
    std::string region = {};    // $AWS_REGION, $AWS_DEFAULT_REGION, else us-east-1
    std::string endpoint = {};  // https://host[:port]; $AWS_ENDPOINT_URL_S3, $AWS_ENDPOINT_URL, else Amazon's
    // The key id with its secret and token: $AWS_ACCESS_KEY_ID, $AWS_SECRET_ACCESS_KEY, $AWS_SESSION_TOKEN; nowhere:
    // requests are not signed, which does for public objects.
    std::string key_id = {}, secret = {}, session_token = {};
    std::size_t part_bytes = std::size_t{8} << 20;  // at least 5 MiB; beyond 4 000 parts they grow
    unsigned connections = 4;  // of a sink: parts that are sent at once, 1 to 64; memory for one part more than these
    HttpOptions http = {};

    // s3://bucket/key, with ?region=R.
    static S3Place from_url(const std::string& url);
};

namespace detail {
class S3Writer;
}  // namespace detail

class S3Source final : public RandomSource {
  public:
    explicit S3Source(const S3Place& place);
    explicit S3Source(const std::string& url) : S3Source(S3Place::from_url(url)) {}
    S3Source(S3Source&&) noexcept;
    S3Source& operator=(S3Source&&) noexcept;
    ~S3Source() override;
    std::uint64_t size() const override;
    void read_at(std::uint64_t offset, std::span<std::byte> into) const override;
    bool prefers_long_reads() const override { return true; }

  private:
    std::unique_ptr<detail::HttpRanges> ranges_;
};

// One request, in order; after a lost connection another for the rest.
class S3Stream final : public Source {
  public:
    explicit S3Stream(const S3Place& place);
    explicit S3Stream(const std::string& url) : S3Stream(S3Place::from_url(url)) {}
    S3Stream(S3Stream&&) noexcept;
    S3Stream& operator=(S3Stream&&) noexcept;
    ~S3Stream() override;
    std::size_t read(std::span<std::byte> into) override;
    std::optional<std::uint64_t> remaining() override;

  private:
    std::unique_ptr<detail::HttpReader> reader_;
};

class S3Sink final : public CommittedSink {
  public:
    explicit S3Sink(const S3Place& place);
    explicit S3Sink(const std::string& url) : S3Sink(S3Place::from_url(url)) {}
    S3Sink(S3Sink&&) noexcept;
    S3Sink& operator=(S3Sink&&) noexcept;
    ~S3Sink() override;
    void write(std::span<const std::byte> bytes) override;
    std::optional<std::uint64_t> position() override;
    void commit() override;

  private:
    std::unique_ptr<detail::S3Writer> writer_;
};

}  // namespace jl
