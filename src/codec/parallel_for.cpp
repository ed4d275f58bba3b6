#include "codec/parallel_for.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace jl::detail {

void parallel_for(std::size_t count, unsigned n_threads, const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next{0};
    std::atomic<bool> failed{false};
    std::exception_ptr error;
    const auto loop = [&]() noexcept {
        try {
            for (std::size_t i = next++; i < count; i = next++) work(i);
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
            while (threads.size() + 1 < useful) threads.emplace_back(loop);
        } catch (const std::system_error&) {  // no more threads to be had: those that are there do the work
        }
        loop();
    }
    if (error) std::rethrow_exception(error);
}

}  // namespace jl::detail
