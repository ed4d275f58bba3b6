#include "hash/payload.hpp"

#include <algorithm>
#include <vector>

#include <jl/buffer.hpp>

#include "array/layout.hpp"
#include "codec/binding.hpp"
#include "codec/parallel_for.hpp"
#include "hash/canonical_items.hpp"

namespace jl::detail {

namespace {

// Below, a thread costs more than it brings.
constexpr std::uint64_t worth_threads = std::uint64_t{4} << 20;

// Where the items are, and how to get any of them in C order.
struct Items {
    const ArrayEvent& event;
    const CanonicalItems& canonical;
    std::uint64_t count;
    const std::byte* memory = nullptr;             // of item (0, …, 0); null: only event.fill has them
    std::span<const std::ptrdiff_t> strides = {};  // empty: they lie in C order

    bool in_memory() const noexcept { return memory != nullptr; }
    bool direct() const noexcept { return in_memory() && strides.empty() && canonical.as_they_are(); }
    std::uint64_t per_chunk() const noexcept { return std::max<std::uint64_t>(1, payload_chunk / canonical.size()); }
    void read(std::uint64_t first, std::span<std::byte> raw) const {
        if (!in_memory()) return event.fill(first, raw);
        if (!strides.empty()) return gather(raw, first, 'C', event.shape, memory, strides, canonical.raw_size());
        std::copy_n(memory + first * canonical.raw_size(), raw.size(), raw.begin());
    }
};

// Room of one thread: a chunk, and as many raw items at a time as take no more than one.
class Chunk {
  public:
    // The canonical bytes of items [first, first + count).
    std::span<const std::byte> bytes(const Items& items, std::uint64_t first, std::uint64_t count) {
        const CanonicalItems& canonical = items.canonical;
        const std::size_t size = static_cast<std::size_t>(count) * canonical.size();
        if (items.direct()) return {items.memory + first * canonical.size(), size};
        const std::span<std::byte> packed = room(packed_, size);
        if (canonical.as_they_are()) {
            items.read(first, packed);
            return packed;
        }
        const std::uint64_t at_once = std::max<std::uint64_t>(1, payload_chunk / canonical.raw_size());
        for (std::uint64_t done = 0; done < count;) {
            const std::uint64_t now = std::min(at_once, count - done);
            const std::span<std::byte> raw = room(raw_, static_cast<std::size_t>(now) * canonical.raw_size());
            items.read(first + done, raw);
            canonical.pack(raw, packed.subspan(static_cast<std::size_t>(done) * canonical.size()));
            done += now;
        }
        return packed;
    }

  private:
    static std::span<std::byte> room(Buffer& buffer, std::size_t size) {
        if (buffer.size() < size) buffer = Buffer(size);
        return buffer.bytes().first(size);
    }
    Buffer packed_;
    Buffer raw_;
};

bool is_line(std::span<const std::uint64_t> shape) {
    return std::ranges::count_if(shape, [](std::uint64_t n) { return n != 1; }) <= 1;
}

std::vector<std::ptrdiff_t> fortran_strides(std::span<const std::uint64_t> shape) {
    std::vector<std::ptrdiff_t> strides;
    std::ptrdiff_t step = 1;
    for (const std::uint64_t n : shape) {
        strides.push_back(step);
        step *= static_cast<std::ptrdiff_t>(n);
    }
    return strides;
}

// What stands for all chunks.
Digest digest_of(std::span<const Digest> chunks) {
    if (chunks.size() == 1) return chunks.front();
    RunningXxh3 running;
    std::byte bytes[digest_bytes];
    for (const Digest& each : chunks) {
        store(bytes, each);
        running.update(bytes);
    }
    return running.digest();
}

void put_chunks(Bodies& bodies, const Items& items, unsigned threads) {
    const std::uint64_t per_chunk = items.per_chunk();
    const auto count = static_cast<std::size_t>((items.count + per_chunk - 1) / per_chunk);
    std::vector<Chunk> rooms(threads);
    std::vector<Digest> digests(count);
    const auto digest = [&](unsigned worker, std::size_t piece) {
        const std::uint64_t first = piece * per_chunk;
        digests[piece] = xxh3(rooms[worker].bytes(items, first, std::min(per_chunk, items.count - first)));
    };
    if (threads > 1)
        parallel_for(count, threads, digest);
    else
        for (std::size_t piece = 0; piece < count; ++piece) digest(0, piece);
    bodies.put(digest_of(digests));
}

}  // namespace

std::vector<std::byte> short_form(std::span<const std::byte> bytes) {
    if (bytes.size() <= short_payload) return {bytes.begin(), bytes.end()};
    std::vector<Digest> digests;
    for (std::size_t first = 0; first < bytes.size(); first += payload_chunk)
        digests.push_back(xxh3(bytes.subspan(first, std::min(payload_chunk, bytes.size() - first))));
    std::vector<std::byte> form(digest_bytes);
    store(form.data(), digest_of(digests));
    return form;
}

unsigned Payload::threads_for(std::uint64_t nbytes) {
    if (nbytes < worth_threads) return 1;
    if (effective_ == 0) effective_ = effective_threads(n_threads_);
    return effective_;
}

void Payload::put(Bodies& bodies, std::span<const std::byte> bytes) {
    if (bytes.size() <= short_payload) return bodies.put(bytes);
    static const DType byte('u', 1);
    static const CanonicalItems canonical(byte);
    const std::uint64_t shape[] = {bytes.size()};
    put_items(bodies, {byte, shape, 'C', bytes}, canonical);
}

void Payload::put_items(Bodies& bodies, const ArrayEvent& event, const CanonicalItems& canonical) {
    const std::uint64_t nbytes = checked_nbytes(event.shape, event.dtype.itemsize());
    if (nbytes == 0 || canonical.size() == 0) return;
    Items items{event, canonical, nbytes / event.dtype.itemsize()};
    std::vector<std::ptrdiff_t> strides;
    Buffer evaluated;
    if (event.origin) {
        items.memory = event.origin;
        items.strides = event.strides;
    } else if (!event.fill) {
        items.memory = event.bytes.data();
    } else if (event.order == 'F' && !is_line(event.shape)) {  // comes in its own order only
        evaluated = Buffer(static_cast<std::size_t>(nbytes));
        event.fill(0, evaluated.bytes());
        items.memory = evaluated.data();
    }
    if (!event.origin && items.in_memory() && event.order == 'F' && !is_line(event.shape)) {
        strides = fortran_strides(event.shape);
        items.strides = strides;
    }
    const std::uint64_t size = items.count * canonical.size();
    if (size <= short_payload) {
        Chunk chunk;
        return bodies.put(chunk.bytes(items, 0, items.count));
    }
    put_chunks(bodies, items, items.in_memory() ? threads_for(size) : 1);
}

}  // namespace jl::detail
