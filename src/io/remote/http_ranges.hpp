// What a URL stands for, read by range: what jl::HttpSource and jl::S3Source are made of.
#pragma once

#ifdef JL_HAS_CURL

#include <cstdint>
#include <mutex>
#include <span>

#include "io/remote/http_client.hpp"
#include "io/remote/http_version.hpp"
#include "io/remote/windows.hpp"

namespace jl::detail {

class HttpRanges {
  public:
    // Asks for the end of the file, which tells its size.
    explicit HttpRanges(HttpTarget target);
    std::uint64_t size() const noexcept { return windows_.size(); }
    void read(std::uint64_t offset, std::span<std::byte> into);

  private:
    struct Tail {
        std::vector<std::byte> bytes;
        std::uint64_t size = 0;
    };
    Tail fetch_tail();
    void fetch(std::uint64_t offset, std::span<std::byte> into);

    HttpClient client_;
    std::mutex mutex_;  // guards version_
    HttpVersion version_;
    Windows windows_;
};

}  // namespace jl::detail

#endif
