// A value in Redis, read by range: what jl::RedisSource is made of.
//
// The key is watched from the first request on: each read is a transaction that does nothing once the value was
// replaced. Thread-safe: one request at a time.
#pragma once

#ifdef JL_HAS_HIREDIS

#include <mutex>
#include <string>
#include <vector>

#include "io/remote/redis_connection.hpp"
#include "io/remote/windows.hpp"

namespace jl::detail {

class RedisReader {
  public:
    explicit RedisReader(const RedisPlace& place);
    const RedisPlace& place() const noexcept { return place_; }
    std::uint64_t size() const noexcept { return windows_.size(); }
    void read(std::uint64_t offset, std::span<std::byte> into);

  private:
    std::uint64_t find();  // its size
    std::uint64_t find_list();
    void fetch(std::uint64_t offset, std::span<std::byte> into);
    RedisReply ask_unchanged(std::initializer_list<std::string_view> words);
    std::span<const std::byte> element(std::uint64_t index);

    RedisPlace place_;
    RedisConnection redis_;
    std::mutex mutex_;                 // guards redis_ and the last element
    std::uint64_t element_bytes_ = 0;  // of a list: of each string but the last; 0: a string
    std::uint64_t last_index_ = ~std::uint64_t{0};
    std::vector<std::byte> last_;
    Windows windows_;
};

}  // namespace jl::detail

#endif
