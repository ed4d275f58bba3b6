// The other side: what a worker process does from jl::init on.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jl {

// How a worker is started, told by the environment.
struct WorkerOrders {
    static constexpr const char* variable = "JL_WORKER";

    int socket = -1;
    std::uint32_t idle_seconds = 300;         // without a task: it leaves
    std::uint64_t most_growth = 300'000'000;  // bytes of memory since its first tasks: it leaves

    std::string text() const;  // "3,300,300000000"
    static std::optional<WorkerOrders> from(std::string_view text);
};

// Whether main called jl::init, and this is no worker.
bool may_start_workers() noexcept;
bool is_worker() noexcept;
// A setuid program, one with capabilities of its file: what it starts has not, and would not be this program.
bool has_more_rights_than_its_user() noexcept;

}  // namespace jl
