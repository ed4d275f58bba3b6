// Checks everything that can be checked in a file, and says what is damaged.
//
//     jl::VerifyReport report = jl::verify("model.pkl");   if (!report.ok()) for (const auto& p : report.problems())
//     std::cerr << p.what() << '\n';
//
// Reads the whole file with bounded memory. Damage is in the report; only a file that cannot be opened throws.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <jl/error.hpp>
#include <jl/limits.hpp>
#include <jl/progress.hpp>

namespace jl {

struct VerifyOptions {
    unsigned n_threads = 0;
    Limits limits = {};
    ProgressCallback progress = {};
};

class VerifyReport {
  public:
    // No problem was found. A file without checksums (joblib's) can only be found readable. Of several objects all are
    // read, and has_checksums() is of all.
    bool ok() const noexcept { return problems_.empty(); }
    const std::vector<Error>& problems() const noexcept { return problems_; }
    bool has_checksums() const noexcept { return has_checksums_; }
    // An r+ mapping was not closed: payloads may have changed since their checksums were made. Not a problem by itself.
    bool modified_in_place() const noexcept { return modified_in_place_; }
    std::uint64_t bytes_checked() const noexcept { return bytes_checked_; }
    std::size_t arrays() const noexcept { return arrays_; }

  private:
    friend class Verifier;
    std::vector<Error> problems_;
    bool has_checksums_ = false;
    bool modified_in_place_ = false;
    std::uint64_t bytes_checked_ = 0;
    std::size_t arrays_ = 0;
};

VerifyReport verify(const std::filesystem::path& path, const VerifyOptions& options = {});

}  // namespace jl
