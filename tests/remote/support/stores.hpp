// The stores that are written to, each with a real server of its own where it needs one: what the contract runs over.
//
//     Store& store = store_named("redis");   jl::dump(obj, store.url("key"));
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace jl::test {

class Store {
  public:
    virtual ~Store() = default;
    virtual std::string url(const std::string& key) const = 0;
    virtual std::vector<std::string> keys() = 0;            // all that it holds, temporary ones too, sorted
    virtual std::string bytes(const std::string& key) = 0;  // as another program reads them
    virtual void put(const std::string& key, const std::string& bytes) = 0;  // as another program writes them
};

std::vector<std::string> store_names();       // of those that are built in
Store& store_named(const std::string& name);  // started when it is first asked for
void stop_stores();

}  // namespace jl::test
