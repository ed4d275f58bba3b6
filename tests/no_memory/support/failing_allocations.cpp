#include "no_memory/support/failing_allocations.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

namespace jl::test {
namespace {

std::atomic<std::size_t> first_to_fail{0};
std::atomic<bool> fails_from_then_on{false};
std::atomic<bool> counts{false};
std::atomic<std::size_t> requests{0};
std::atomic<std::size_t> refused{0};

bool is_refused() noexcept {
    if (!counts) return false;
    const std::size_t number = ++requests;
    const std::size_t first = first_to_fail;
    if (first == 0 || number < first || (number > first && !fails_from_then_on)) return false;
    ++refused;
    return true;
}

void* memory(std::size_t size, std::size_t alignment) noexcept {
    if (is_refused()) return nullptr;
    size = std::max<std::size_t>(size, 1);
    if (alignment <= alignof(std::max_align_t)) return std::malloc(size);
    return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void* memory_or_throw(std::size_t size, std::size_t alignment) {
    if (void* const place = memory(size, alignment)) return place;
    throw std::bad_alloc();
}

}  // namespace

FailingAllocations::FailingAllocations(Plan plan) noexcept {
    requests = 0;
    refused = 0;
    fails_from_then_on = plan.how == How::from_then_on;
    first_to_fail = plan.first;
    counts = true;
}
FailingAllocations::~FailingAllocations() { counts = false; }

std::size_t FailingAllocations::made() noexcept { return requests; }
std::size_t FailingAllocations::failed() noexcept { return refused; }

}  // namespace jl::test

using jl::test::memory;
using jl::test::memory_or_throw;

// The forms for arrays, and those that do not throw, come down to these.
void* operator new(std::size_t size) { return memory_or_throw(size, 1); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    return memory_or_throw(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* place) noexcept { std::free(place); }
void operator delete(void* place, std::size_t) noexcept { std::free(place); }
void operator delete(void* place, std::align_val_t) noexcept { std::free(place); }
void operator delete(void* place, std::size_t, std::align_val_t) noexcept { std::free(place); }
