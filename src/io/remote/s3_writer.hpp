// An object on its way into a store: what jl::S3Sink is made of. One thread at a time.
//
// Memory: the part that is filled, and one for each connection. The upload carries a random name as its metadata, by
// which a completion whose answer was lost is known for what it was.
#pragma once

#ifdef JL_HAS_CURL

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "io/remote/s3_parts.hpp"

namespace jl::detail {

class S3Writer {
  public:
    S3Writer(HttpTarget target, std::size_t part_bytes, unsigned connections);
    S3Writer(const S3Writer&) = delete;
    S3Writer& operator=(const S3Writer&) = delete;
    ~S3Writer();
    const std::string& shown() const noexcept { return client_.target().shown; }
    std::uint64_t position() const noexcept { return position_; }
    void write(std::span<const std::byte> bytes);
    void commit();

    // Of the part of this number, from 0 on.
    static std::size_t length_of_part(std::size_t number, std::size_t part_bytes) noexcept;

  private:
    template <class Work>
    void guarded(Work work);  // after a failure nothing can be added or committed
    void put_whole();
    void begin_upload();
    void send_part();
    void complete();
    void ask_for_completion();
    bool is_there();  // this upload, as the object
    void abort() noexcept;
    std::string ask(HttpCall call, const std::string& wanted = {});  // the answer's body, which has `wanted` in it

    HttpClient client_;
    std::size_t part_bytes_;
    std::vector<std::byte> part_;
    std::uint64_t position_ = 0;
    std::string name_;         // random, of this upload
    std::string upload_;       // the store's id of it, once there is one
    S3Parts parts_;            // that were sent
    std::size_t pending_ = 0;  // bytes since the parts on their way were looked at
    bool committed_ = false;
    bool failed_ = false;
};

}  // namespace jl::detail

#endif
