// Long payloads as a worker has them: those of arguments that its parent told of, and those that its results have.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <jl/load.hpp>

#include "parallel/frame.hpp"
#include "parallel/message.hpp"
#include "parallel/payload_file.hpp"

namespace jl {

// What a call wants of payloads, on both sides.
struct PayloadSettings {
    std::uint64_t max_nbytes = ~std::uint64_t{0};
    std::string folder = {};            // empty: memory
    std::optional<MmapMode> mode = {};  // of arguments' arrays; nothing: they are copied
    bool operator==(const PayloadSettings&) const = default;
};

// In a worker, one thread.
class WorkerPayloads final : public PayloadsOutside {
  public:
    void set(PayloadSettings settings) { settings_ = std::move(settings); }
    // A frame of one, and the file that came along; what is wrong with it is the error of who reads that array.
    void tell(const Frame& frame, Descriptor file);
    void forget(std::uint64_t number) noexcept { arguments_.erase(number); }

    // Of results: they count from 0 for each.
    std::optional<std::uint64_t> put(const ArrayEvent& array, std::uint64_t nbytes) override;
    std::vector<PayloadFile> take_results() noexcept { return std::exchange(results_, {}); }
    // Of arguments.
    Found get(std::uint64_t number) override;

  private:
    struct Argument {
        std::optional<PayloadFile> file = {};
        std::string problem = {};         // without one
        PayloadFile::Mapped mapped = {};  // where all who refer to it may share a map
    };
    Found found(Argument& argument) const;

    PayloadSettings settings_;
    std::map<std::uint64_t, Argument> arguments_;
    std::vector<PayloadFile> results_;
};

// In its parent: payloads of the next result.
class ResultPayloads final : public PayloadsOutside {
  public:
    // A frame of it, and the file that came along.
    void tell(const Frame& frame, Descriptor file);
    std::optional<std::uint64_t> put(const ArrayEvent&, std::uint64_t) override { return std::nullopt; }
    Found get(std::uint64_t number) override;

  private:
    struct Result {
        PayloadFile::Mapped mapped = {};
        std::string problem = {};
    };
    std::map<std::uint64_t, Result> results_;
};

}  // namespace jl
