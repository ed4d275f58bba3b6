// The right to compute one entry, kept by the system: flock on a file that its holder makes and removes.
//
//     if (auto lock = lock_file(folder + "/5d41….lock", std::nullopt)) …      // held until destruction
//
// A holder that dies loses it at once; its file stays, keeps nobody waiting and is removed by the next holder. Works
// between threads too; child processes inherit none. On NFS as good as the server's locks. Error{io} when the file
// cannot be made.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <jl/store_backend.hpp>

namespace jl {

// Precondition: its folder exists (else Error{io}). Null: `patience` was over.
std::unique_ptr<EntryLock> lock_file(const std::string& path, std::optional<std::chrono::milliseconds> patience);
// Removes a file that nobody holds.
void remove_free_lock(const std::string& path) noexcept;

}  // namespace jl
