// What is said of one call, in joblib's words.
#pragma once

#include <string>

#include "memory/memory_state.hpp"

namespace jl::detail {

class CallMessages {
  public:
    CallMessages(const FunctionState& function, const CallParts& call);

    void querying(const EntryId& id) const;
    void loading(const EntryId& id, const CallMetadata& call) const;
    void loaded(double seconds) const;
    void cannot_load(const std::string& reason) const;  // whatever the verbosity
    void computing(const EntryId& id) const;
    void calling() const;
    void persisting(const EntryId& id) const;
    void computed(double seconds) const;
    void cannot_hold_limits(const std::string& reason) const;
    void cannot_keep(const std::string& reason) const;  // once, until a result is kept again

    // Text of one argument, as far as it can be told.
    std::string argument(std::size_t index) const;

  private:
    std::string call_text() const;  // "square(array([1., 2.]), 3)"
    std::string self() const;       // "[MemorizedFunc(func=square, location=/tmp/joblib)]: "

    const FunctionState& function_;
    const CallParts& call_;
    MemoryState& memory_;
    int verbose_;
};

std::string time_text(double seconds);  // "0.1s, 0.0min"

}  // namespace jl::detail
