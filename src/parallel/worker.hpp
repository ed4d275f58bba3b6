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
// started: as this program, again; forked: a copy that has one thread, whatever libraries know of others.
enum class WorkerKind : std::uint8_t { none, started, forked };
WorkerKind worker_kind() noexcept;
inline bool is_worker() noexcept { return worker_kind() != WorkerKind::none; }
void become_worker(WorkerKind kind) noexcept;
// A setuid program, one with capabilities of its file: what it starts has not, and would not be this program.
bool has_more_rights_than_its_user() noexcept;

}  // namespace jl
