#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <sys/mman.h>
#include <utility>

#include <jl/buffer.hpp>

namespace jl {
namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;
constexpr std::size_t page = 4096;  // of x86-64 and most others; only a granule for capacities and hints

constexpr bool is_mapped(std::size_t capacity) noexcept { return capacity >= huge_page; }

std::size_t rounded(std::size_t size) {
    if (size > SIZE_MAX - 2 * huge_page) throw std::bad_alloc();
    const std::size_t granule = is_mapped(size) ? page : Buffer::alignment;
    return (size + granule - 1) / granule * granule;
}

// Begins at a huge page's boundary: what hangs over on both sides is given back.
std::byte* map_memory(std::size_t capacity) noexcept {
    const std::size_t wide = capacity + huge_page;
    void* const mapped = ::mmap(nullptr, wide, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return nullptr;
    auto* const begin = static_cast<std::byte*>(mapped);
    const std::size_t head = (huge_page - reinterpret_cast<std::uintptr_t>(begin) % huge_page) % huge_page;
    if (head != 0) ::munmap(begin, head);
    ::munmap(begin + head + capacity, wide - head - capacity);
    advise_huge({begin + head, capacity});
    return begin + head;
}

std::byte* take(std::size_t capacity) {
    if (capacity == 0) return nullptr;
    if (!is_mapped(capacity)) {
        return static_cast<std::byte*>(::operator new (capacity, std::align_val_t{Buffer::alignment}));
    }
    std::byte* const memory = map_memory(capacity);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

void give_back(std::byte* memory, std::size_t capacity) noexcept {
    if (is_mapped(capacity))
        ::munmap(memory, capacity);
    else
        ::operator delete (memory, std::align_val_t{Buffer::alignment});
}

// Moves the pages to a wider place; null where there is none.
std::byte* remap(std::byte* memory, std::size_t before, std::size_t after) noexcept {
    if (::mremap(memory, before, after, 0) != MAP_FAILED) return memory;
    std::byte* const place = map_memory(after);
    if (place == nullptr) return nullptr;
    if (::mremap(memory, before, after, MREMAP_MAYMOVE | MREMAP_FIXED, place) != MAP_FAILED) return place;
    ::munmap(place, after);
    return nullptr;
}

}  // namespace

Buffer::Buffer(std::size_t size) : data_(take(rounded(size))), size_(size), capacity_(rounded(size)) {}

Buffer::Buffer(Buffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
}

Buffer::~Buffer() { give_back(data_, capacity_); }

void Buffer::resize(std::size_t size) {
    if (size <= capacity_) {
        size_ = size;
        return;
    }
    // Half as much again, so that growing by small steps stays linear; untouched pages cost nothing.
    const std::size_t exact = rounded(size);
    const std::size_t generous = std::max(exact, rounded(capacity_ + capacity_ / 2));
    if (is_mapped(capacity_)) {
        for (const std::size_t wanted : {generous, exact}) {
            if (std::byte* const moved = remap(data_, capacity_, wanted)) {
                data_ = moved;
                size_ = size;
                capacity_ = wanted;
                return;
            }
        }
        throw std::bad_alloc();
    }
    std::byte* const wider = take(generous);
    if (size_ != 0) std::memcpy(wider, data_, size_);
    give_back(data_, capacity_);
    data_ = wider;
    size_ = size;
    capacity_ = generous;
}

void advise_huge(std::span<std::byte> memory) noexcept {
    const auto begin = reinterpret_cast<std::uintptr_t>(memory.data());
    const std::size_t skipped = (page - begin % page) % page;
    if (memory.size() < skipped + huge_page) return;
    const std::size_t whole_pages = (memory.size() - skipped) / page * page;
    ::madvise(memory.data() + skipped, whole_pages, MADV_HUGEPAGE);
}

}  // namespace jl
