#include <jl/hash.hpp>

#include "hash/digest_emitter.hpp"
#include "hash/key.hpp"

namespace jl::detail {

std::string hash_events(const std::function<void(Emitter&)>& write, const HashOptions& options) {
    require_hash_name(options.hash_name);
    DigestEmitter out(options.n_threads);
    write(out);
    return key_of(out.finish(), options.hash_name);
}

}  // namespace jl::detail
