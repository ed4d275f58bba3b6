#include <algorithm>
#include <cstring>
#include <mutex>

#include <jl/buffer.hpp>

#include "codec/binding.hpp"
#include "codec/find_units.hpp"
#include "codec/parallel_for.hpp"
#include "codec/unit_reader.hpp"
#include "codec/unit_source.hpp"
#include "io/range.hpp"

namespace jl {
namespace detail {
namespace {

// Where units have no checksums of their own, size alone is checked: their content is the container's business, which
// has.
class BlockSource final : public RandomSource {
  public:
    BlockSource(std::shared_ptr<const RandomSource> from, std::unique_ptr<UnitStream> units, unsigned n_threads)
        : from_(std::move(from)), units_(std::move(units)), table_(units_->table()), n_threads_(n_threads) {}

    std::uint64_t size() const override { return table_.decoded_length(); }
    bool prefers_long_reads() const override { return true; }
    void read_at(std::uint64_t offset, std::span<std::byte> into) const override;

  private:
    struct Block {
        std::size_t unit = 0;
        Buffer bytes;
    };

    void read_part(std::size_t unit, std::uint64_t offset, std::span<std::byte> into) const;
    std::shared_ptr<const Block> block(std::size_t unit) const;

    std::shared_ptr<const RandomSource> from_;
    std::unique_ptr<UnitStream> units_;
    const BlockTable& table_;
    unsigned n_threads_;
    mutable std::mutex mutex_;                   // guards last_
    mutable std::shared_ptr<const Block> last_;  // the last unit of which a part was wanted
};

void BlockSource::read_at(std::uint64_t offset, std::span<std::byte> into) const {
    require_range(offset, into.size(), size());
    if (into.empty()) return;
    constexpr std::uint64_t worth_a_thread = std::uint64_t{4} << 20;  // decoded bytes
    const std::size_t first = table_.unit_at(offset);
    const std::size_t count = table_.unit_at(offset + into.size() - 1) - first + 1;
    const auto threads = static_cast<unsigned>(std::min<std::uint64_t>(n_threads_, into.size() / worth_a_thread + 1));
    std::vector<std::optional<UnitReader>> readers(threads);
    parallel_for(count, threads, [&](unsigned worker, std::size_t i) {
        const Extent extent = table_.decoded(first + i);
        const std::uint64_t begin = std::max(extent.offset, offset);
        const std::uint64_t end = std::min(extent.offset + extent.size, offset + into.size());
        const auto place =
            into.subspan(static_cast<std::size_t>(begin - offset), static_cast<std::size_t>(end - begin));
        if (place.size() != extent.size) return read_part(first + i, begin - extent.offset, place);
        if (!readers[worker]) readers[worker].emplace(*from_, *units_);
        readers[worker]->read(first + i, place);
    });
}

void BlockSource::read_part(std::size_t unit, std::uint64_t offset, std::span<std::byte> into) const {
    const std::shared_ptr<const Block> whole = block(unit);
    std::memcpy(into.data(), whole->bytes.data() + offset, into.size());
}

// Two threads may inflate the same unit at once; neither waits for the other.
std::shared_ptr<const BlockSource::Block> BlockSource::block(std::size_t unit) const {
    {
        const std::lock_guard lock(mutex_);
        if (last_ && last_->unit == unit) return last_;
    }
    auto fresh = std::make_shared<Block>(Block{unit, Buffer(static_cast<std::size_t>(table_.decoded(unit).size))});
    UnitReader(*from_, *units_).read(unit, fresh->bytes.bytes());
    const std::lock_guard lock(mutex_);
    last_ = fresh;
    return fresh;
}

}  // namespace

std::unique_ptr<RandomSource> unit_source(std::shared_ptr<const RandomSource> from, std::unique_ptr<UnitStream> units,
                                          unsigned n_threads) {
    return std::make_unique<BlockSource>(std::move(from), std::move(units), effective_threads(n_threads));
}

}  // namespace detail

std::unique_ptr<RandomSource> block_source(std::shared_ptr<const RandomSource> from, const Codec& codec,
                                           const CodingOptions& options) {
    std::unique_ptr<detail::UnitStream> units = detail::find_units(*from, codec, options.limits.ratio).units;
    if (!units) return nullptr;
    return detail::unit_source(std::move(from), std::move(units), options.n_threads);
}

}  // namespace jl
