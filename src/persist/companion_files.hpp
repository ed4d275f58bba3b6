// The companions of a pickle of joblib before 0.10, found beside it and nowhere else.
#pragma once

#include <set>
#include <string>

#include <jl/load.hpp>

#include "graph/companions.hpp"

namespace jl {

// Arrays are deferred, or mapped under a mmap_mode, as those of the pickle itself. Names that are more than the name of
// a file are Error{format}, files that are not there {missing}; other errors name the companion.
class CompanionFiles final : public Companions {
  public:
    // `pickle`: its path as the caller gave it; both outlive the loader.
    CompanionFiles(const std::string& pickle, const LoadOptions& options);
    Cell array(const std::string& name, Document& document) override;
    Buffer items(const std::string& name) override;

  private:
    std::string take(const std::string& name);

    std::string folder_;  // with its separator, or empty
    const LoadOptions& options_;
    std::set<std::string> taken_;
};

}  // namespace jl
