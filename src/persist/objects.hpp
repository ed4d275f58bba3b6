// Objects that follow one another in an input, found one at a time: what sequences, and lists of what a file holds,
// stand on.
//
//     Objects objects(Input(source), ratio);
//     while (objects.next([&](Input& in) { return load_forward(reading, in, …); })) objects.offset();
//
// What stands between them (tables of compressed blocks) is passed over. Errors name the object and its byte; behind
// one next() is false. One thread at a time.
#pragma once

#include <functional>
#include <memory>

#include "io/input.hpp"
#include "persist/load_forward.hpp"

namespace jl::detail {

class Objects {
  public:
    Objects(Input in, double ratio);
    Objects(const Objects&) = delete;
    Objects& operator=(const Objects&) = delete;
    ~Objects();

    // take() consumes one object, its trailer included, from what it is given. False at the end.
    bool next(const std::function<Loaded(Input&)>& take);

    // Of the object at hand: its first byte, or that of its compressed stream; which one it is, counted from 1.
    std::uint64_t offset() const noexcept { return offset_; }
    std::uint64_t number() const noexcept { return number_; }
    // Where it lies in the decoded bytes of that stream, and how many they are with its trailer.
    std::uint64_t begin() const noexcept { return begin_; }
    std::uint64_t nbytes() const noexcept { return nbytes_; }
    const Codec* codec() const noexcept;  // null: not compressed

  private:
    struct Compressed;

    bool find_next();
    void take_one(const std::function<Loaded(Input&)>& take);
    static void pass_records(Input& in);
    bool stream_goes_on();
    [[noreturn]] void fail(const Error& error) const;

    Input in_;
    double ratio_;
    std::unique_ptr<Compressed> compressed_;
    Loaded loaded_;
    std::uint64_t offset_ = 0, number_ = 0, begin_ = 0, nbytes_ = 0;
    bool ended_ = false;
};

// Whether the bytes at `offset` begin neither a pickle with PROTO nor a compressed stream: behind an object of joblib's
// they are nobody's, as joblib never looks at them.
bool begins_nothing(const RandomSource& file, std::uint64_t offset);

}  // namespace jl::detail
