// How much a local store holds, in one small file that all its processes count in: "<bytes> <items> <counted>\n".
//
//     LocalUsage usage("/tmp/cache/joblib/.jl/usage");   usage.begin();   usage.add(+1200, +1);
//
// A process that dies between its work and its counting leaves it a little wrong; set() puts it right. Where the file
// is not there or makes no sense, nothing is known and nothing counted. Only set() throws, Error{io}.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <jl/store_backend.hpp>

namespace jl {

class LocalUsage {
  public:
    explicit LocalUsage(std::string path) : path_(std::move(path)) {}
    void begin() const noexcept;  // of a new store: nothing; keeps a file that is there
    void add(std::int64_t bytes, std::int64_t items) const noexcept;
    std::optional<StoreUsage> read() const noexcept;
    void set(const StoreUsage& usage) const;

  private:
    std::string path_;
};

}  // namespace jl
