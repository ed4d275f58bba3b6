// The backends that jl brings.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <jl/parallel_backend.hpp>

namespace jl {

std::unique_ptr<ParallelBackend> make_sequential_backend(std::optional<int> inner_max_num_threads);
// Error{unsupported} without oneTBB.
std::unique_ptr<ParallelBackend> make_threading_backend(const BackendOptions& options);

// Worker processes; `name` is that for people.
std::unique_ptr<ParallelBackend> make_process_backend(std::string name, const BackendOptions& options);

// Children of fork(). Error{usage} for an address that it does not know.
std::unique_ptr<ParallelBackend> make_fork_backend(const BackendOptions& options);

// "mine://host" is the backend "mine" at the address "host".
struct BackendPlace {
    explicit BackendPlace(std::string_view text);
    std::string name;
    std::string address;
};

// Error{usage} lists those that there are.
void require_backend(std::string_view place);
// The backend of that name; errors as require_backend.
std::unique_ptr<ParallelBackend> make_backend(std::string_view place, BackendOptions options);

}  // namespace jl
