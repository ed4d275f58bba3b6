#include "hash/xxh3.hpp"

#include <jl/detail/byte_order.hpp>
#include <jl/error.hpp>

#if defined(JL_HAS_XXHASH)
#include <new>
#include <xxhash.h>
#endif

namespace jl::detail {

void store(std::byte* to, const Digest& digest) noexcept {
    store_big(to, digest.high);
    store_big(to + 8, digest.low);
}

#if defined(JL_HAS_XXHASH)

namespace {
Digest digest_of(const XXH128_hash_t& hash) { return {hash.high64, hash.low64}; }
}  // namespace

// Made by the library that is linked, which alone knows how big it is.
struct RunningXxh3::State {
    State() : state(XXH3_createState()) {
        if (!state) throw std::bad_alloc();
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { XXH3_freeState(state); }
    XXH3_state_t* state;
};

Digest xxh3(std::span<const std::byte> bytes) { return digest_of(XXH3_128bits(bytes.data(), bytes.size())); }

RunningXxh3::RunningXxh3() : state_(std::make_unique<State>()) { (void)XXH3_128bits_reset(state_->state); }

RunningXxh3::RunningXxh3(const RunningXxh3& other) : state_(std::make_unique<State>()) {
    XXH3_copyState(state_->state, other.state_->state);
}

void RunningXxh3::update(std::span<const std::byte> bytes) {
    (void)XXH3_128bits_update(state_->state, bytes.data(), bytes.size());
}

Digest RunningXxh3::digest() const { return digest_of(XXH3_128bits_digest(state_->state)); }

#else

namespace {
[[noreturn]] void fail_without() {
    throw Error(ErrorCode::unsupported, "hashing needs xxHash, and this jl is built without it (JL_WITH_XXHASH)");
}
}  // namespace

struct RunningXxh3::State {};

Digest xxh3(std::span<const std::byte>) { fail_without(); }
RunningXxh3::RunningXxh3() { fail_without(); }
RunningXxh3::RunningXxh3(const RunningXxh3&) { fail_without(); }
void RunningXxh3::update(std::span<const std::byte>) { fail_without(); }
Digest RunningXxh3::digest() const { fail_without(); }

#endif

RunningXxh3::~RunningXxh3() = default;

}  // namespace jl::detail
