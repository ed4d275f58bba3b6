// The objects of a bucket whose keys begin with one prefix: read, put, listed and removed as short whole things.
//
//     S3Bucket bucket(S3Place::from_url("s3://bucket/cache"));
//     bucket.put("/f/x", bytes);   bucket.get("/f/x", 1 << 20)->bytes;   bucket.list("/f/", visit);
//     bucket.remove(names);
//
// Names are what follows the prefix in a key. Errors, retries and signatures are those of jl/s3.hpp. What a server
// answers is bounded, and a listing has to go on: one in another order than that of the keys is Error{io}. Thread-safe.
#pragma once

#if defined(JL_HAS_CURL) && defined(JL_HAS_CRYPTO)

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <jl/s3.hpp>

#include "io/remote/http_client.hpp"

namespace jl::detail {

// Where requests go; to the bucket itself where the key is empty. Error{usage} for names that cannot be.
HttpTarget s3_target(const S3Place& place);

struct S3Object {
    std::string name;
    std::uint64_t bytes = 0;
    std::chrono::system_clock::time_point modified = {};  // by the store's clock, to the second
};

struct S3Content {
    std::vector<std::byte> bytes;
    bool too_long = false;  // there is more than was asked for, and `bytes` is empty
};

class S3Bucket {
  public:
    // `place.key` is the prefix. `page`: objects that one answer lists at most.
    explicit S3Bucket(S3Place place, unsigned page = 1000);

    const std::string& shown() const noexcept { return client_.target().shown; }  // "s3://bucket/prefix"
    S3Place place_of(const std::string& name) const;

    bool contains(const std::string& name) const;
    // A whole object of up to `most` bytes; nullopt: it is not there.
    std::optional<S3Content> get(const std::string& name, std::uint64_t most) const;
    void put(const std::string& name, std::span<const std::byte> bytes) const;
    // Those that are there, up to a thousand with each request.
    void remove(std::span<const std::string> names) const;
    // Whose names begin so, in ascending order of their bytes. `visit` may remove them.
    void list(const std::string& beginning, const std::function<void(const S3Object&)>& visit) const;

  private:
    struct Page {
        std::vector<S3Object> objects;
        std::string next;  // where the next one goes on; empty: this was the last
    };
    Page list_page(const std::string& beginning, const std::string& from) const;
    S3Object object_of(std::string_view xml) const;
    void remove_one(const std::string& name) const;
    void remove_page(std::span<const std::string> names) const;
    std::string path_of(const std::string& name) const;  // behind the target's URL
    std::string ask(const HttpCall& call) const;         // the answer's body; the call's url is what follows the bucket

    S3Place place_;
    unsigned page_;
    HttpClient client_;
};

}  // namespace jl::detail

#endif
