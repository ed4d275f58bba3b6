#include "codec/parallel_for.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace jl::detail {

void parallel_for(std::size_t count, unsigned n_threads,
                  const std::function<void(unsigned worker, std::size_t piece)>& work) {
    std::atomic<std::size_t> next{0};
    std::atomic<bool> failed{false};
    std::exception_ptr error;
    const auto loop = [&](unsigned worker) noexcept {
        try {
            for (std::size_t i = next++; i < count; i = next++) work(worker, i);
        } catch (...) {
            next = count;
            if (!failed.exchange(true)) error = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> threads;
        const std::size_t useful = std::min<std::size_t>(n_threads, count);
        threads.reserve(useful);
        try {
            while (threads.size() + 1 < useful) threads.emplace_back(loop, static_cast<unsigned>(threads.size()));
        } catch (const std::system_error&) {  // no more threads to be had: those that are there do the work
        }
        loop(static_cast<unsigned>(threads.size()));
    }
    if (error) std::rethrow_exception(error);
}

}  // namespace jl::detail
