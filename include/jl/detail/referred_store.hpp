// A store by what it takes to open it again, in this process or another one: opened when it is first needed.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <jl/store_backend.hpp>

namespace jl::detail {

struct StoreReference {
    std::string backend, location;
    std::map<std::string, std::string> options;
    friend bool operator==(const StoreReference&, const StoreReference&) = default;
};

// What may be written to files: without what shown_url hides, and without options whose names tell a secret.
StoreReference without_secrets(StoreReference reference);

class ReferredStore {
  public:
    explicit ReferredStore(StoreReference reference, std::shared_ptr<StoreBackend> store = nullptr)
        : reference_(std::move(reference)), store_(std::move(store)) {}
    // Thread-safe. Error{usage} for a backend that this program does not know, and what opening throws.
    std::shared_ptr<StoreBackend> open();
    const StoreReference& reference() const noexcept { return reference_; }

  private:
    const StoreReference reference_;
    std::mutex mutex_;
    std::shared_ptr<StoreBackend> store_;
};

}  // namespace jl::detail
