// A sink that keeps nothing before commit(): what stores are written through.
//
//     jl::RedisSink sink("redis://127.0.0.1:6379/key");   jl::dump(obj, sink);   sink.commit();
//
// Destruction without commit() leaves the old value as it was. One thread at a time.
#pragma once

#include <jl/sink.hpp>

namespace jl {

class CommittedSink : public Sink {
  public:
    // Puts what was written in the place of the old value, all or nothing. Once; no write afterwards.
    virtual void commit() = 0;
};

}  // namespace jl
