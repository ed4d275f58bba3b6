#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include <jl/error.hpp>
#include <jl/parallel_backend.hpp>
#include <jl/parallel_options.hpp>

#include "io/fork_safe_mutex.hpp"
#include "parallel/backends.hpp"

namespace jl {
namespace {

BackendFactory here(BackendFactory make) {
    return [make = std::move(make)](const BackendOptions& options) {
        std::unique_ptr<ParallelBackend> backend = make(options);
        if (!options.address.empty())
            throw Error(ErrorCode::usage, backend->name() + " has no address: '" + options.address + "' is too much");
        return backend;
    };
}

struct Registry {
    ForkSafeMutex mutex;
    std::map<std::string, BackendFactory, std::less<>> factories{
        {"fork", make_fork_backend},
        {"loky", here([](const BackendOptions& options) { return make_process_backend("LokyBackend", options); })},
        {"multiprocessing",
         here([](const BackendOptions& options) { return make_process_backend("MultiprocessingBackend", options); })},
        {"sequential",
         here([](const BackendOptions& options) { return make_sequential_backend(options.inner_max_num_threads); })},
        {"threading", here(make_threading_backend)},
    };
};

Registry& registry() {
    static auto& registry = *new Registry();
    return registry;
}

[[noreturn]] void fail_unknown(std::string_view name) {
    std::string known;
    for (const std::string& other : parallel_backends()) known += (known.empty() ? "'" : ", '") + other + '\'';
    throw Error(ErrorCode::usage, "Invalid backend: " + std::string(name) + ", expected one of [" + known + "]");
}

}  // namespace

void register_parallel_backend(std::string_view name, BackendFactory factory) {
    if (name.empty()) throw Error(ErrorCode::usage, "a backend needs a name");
    if (name.find(':') != std::string_view::npos)
        throw Error(ErrorCode::usage,
                    "the backend's name '" + std::string(name) + "' has a colon: what stands behind it is an address");
    if (!factory) throw Error(ErrorCode::usage, "the backend '" + std::string(name) + "' needs a factory");
    Registry& all = registry();
    const std::lock_guard lock(all.mutex);
    all.factories.insert_or_assign(std::string(name), std::move(factory));
}

std::vector<std::string> parallel_backends() {
    Registry& all = registry();
    const std::lock_guard lock(all.mutex);
    std::vector<std::string> names;
    for (const auto& [name, factory] : all.factories) names.push_back(name);
    return names;
}

BackendPlace::BackendPlace(std::string_view text) : name(text.substr(0, text.find(':'))) {
    text.remove_prefix(std::min(text.size(), name.size() + 1));
    if (text.starts_with("//")) text.remove_prefix(2);
    address = text;
}

void require_backend(std::string_view place) {
    const std::string name = BackendPlace(place).name;
    const std::vector<std::string> names = parallel_backends();
    if (std::find(names.begin(), names.end(), name) == names.end()) fail_unknown(name);
}

std::unique_ptr<ParallelBackend> make_backend(std::string_view place, BackendOptions options) {
    auto [name, address] = BackendPlace(place);
    options.address = std::move(address);
    require_backend(name);
    BackendFactory factory;
    {
        Registry& all = registry();
        const std::lock_guard lock(all.mutex);
        factory = all.factories.find(name)->second;
    }
    std::unique_ptr<ParallelBackend> backend = factory(options);
    if (!backend) throw Error(ErrorCode::usage, "the factory of the backend '" + name + "' made none");
    return backend;
}

ParallelScope parallel_backend(std::string_view name, ParallelOptions options) {
    options.backend = name;
    if (!options.n_jobs) options.n_jobs = -1;
    return ParallelScope(options);
}

}  // namespace jl
