// Tasks as bytes, and what a worker process makes of them: the part that knows no types.
//
// Each kind of task that can leave the process is registered under its mangled name before main begins, here and in the
// workers, which are the same program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <typeinfo>
#include <vector>

#include <jl/dump.hpp>
#include <jl/load.hpp>

namespace jl::detail {

using Encode = std::function<std::vector<std::byte>(const Writing&)>;

// Tasks in the process that runs them.
class TasksToRun {
  public:
    virtual ~TasksToRun() = default;
    virtual std::size_t size() const noexcept = 0;
    // Runs one, each once, and has its result encoded: nothing for one that has none. Throws what the task throws.
    virtual std::vector<std::byte> run(std::size_t index, std::stop_token stop, const Encode& encode) = 0;
};

using DecodeTasks = std::unique_ptr<TasksToRun> (*)(std::span<const std::byte> tasks);

// Always true. `name` stays.
bool register_task(const char* name, DecodeTasks decode);
// The name for other processes. Where several have `name` (functions of unnamed namespaces in two files, what a program
// and a library with hidden symbols have both) it says which of them: in which file of the program, and where there.
std::string name_of_task(const char* name, DecodeTasks decode);

std::vector<std::byte> encoded(const Writing& write);
void decode(const Reading& reading, std::span<const std::byte> bytes);

// A function by its place in the program's file. Error{usage} for one of a shared library.
std::uint64_t place_of_function(std::uintptr_t address);
std::uintptr_t function_at(std::uint64_t place);

// A type's name as people write it.
std::string readable_name(const std::type_info& type);

}  // namespace jl::detail
