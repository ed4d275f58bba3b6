#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <ostream>

#include <jl/file.hpp>

#include "codec/binding.hpp"
#include "codec/ratio.hpp"
#include "codec/transfer.hpp"
#include "io/advise.hpp"
#include "io/map.hpp"
#include "persist/box.hpp"
#include "persist/in_place.hpp"
#include "persist/opened.hpp"

namespace jl {

std::ostream& operator<<(std::ostream& out, const DType& dtype) { return out << dtype.str(); }

struct File::Implementation {
    std::string name;
    std::shared_ptr<const RandomSource> source;  // decoded
    std::shared_ptr<const ContainerIndex> container;
    std::span<std::byte> map;     // the whole file, uncompressed files only
    std::shared_ptr<void> owner;  // of the map
    std::shared_ptr<InPlaceFile> in_place;
    unsigned n_threads = 0;
    Limits limits = {};
    std::mutex mutex;                                        // guards unpackers
    std::map<std::size_t, ContainerIndex::Items> unpackers;  // of packed arrays that were asked for

    ContainerIndex::Items items_of(std::size_t array);
};

namespace {

std::shared_ptr<const RandomSource> blocks_of(std::shared_ptr<const RandomSource> source, const Codec& codec,
                                              const FileOptions& options) {
    std::shared_ptr<const RandomSource> decoded =
        block_source(std::move(source), codec, {options.n_threads, options.limits});
    if (decoded) return decoded;
    throw Error(ErrorCode::unsupported,
                "this " + codec.name + " stream has no table of its blocks: it can only be loaded as a whole");
}

std::shared_ptr<const RandomSource> source_of(const OpenedFile& opened, const FileOptions& options) {
    if (!opened.codec) return opened.file;
    if (options.mmap_mode && *options.mmap_mode != MmapMode::r)
        throw Error(ErrorCode::unsupported, "a " + opened.codec->name + " file cannot be mapped for writing");
    return blocks_of(opened.file, *opened.codec, options);
}

std::shared_ptr<const ContainerIndex> index_at(const std::optional<Placed>& placed, const RandomSource& source,
                                               const FileOptions& options) {
    if (!placed)
        throw Error(ErrorCode::unsupported,
                    "the file has no directory of arrays (jl did not write it, or its end is lost): load it as a "
                    "whole");
    return std::make_shared<const ContainerIndex>(ContainerIndex::read(source, *placed, options.limits));
}

// As few reads as possible: where the end is that of a container of the source's size, nothing is asked of the front.
void open_source(File::Implementation& self, std::shared_ptr<const RandomSource> source, const FileOptions& options) {
    if (options.mmap_mode && *options.mmap_mode != MmapMode::r)
        throw Error(ErrorCode::unsupported, "only a file can be mapped for writing");
    auto placed = find_container(*source, Preamble::trusted);
    if (!placed || placed->begin != 0) {
        const auto codec = codec_of(*source);
        if (codec) source = blocks_of(std::move(source), *codec, options);
        placed = find_container(*source);
    }
    self.container = index_at(placed, *source, options);
    self.source = std::move(source);
}

}  // namespace

File::File(const std::filesystem::path& path, const FileOptions& options)
    : implementation_(std::make_shared<Implementation>()) {
    Implementation& self = *implementation_;
    self.name = path.string();
    self.n_threads = options.n_threads;
    self.limits = options.limits;
    in_file(self.name, [&] {
        if (is_url(self.name)) return open_source(self, open_url(self.name), options);
        const bool writes = options.mmap_mode == MmapMode::r_plus;
        const OpenedFile opened = open_file(self.name, writes ? FileAccess::read_write : FileAccess::read);
        self.source = source_of(opened, options);
        self.container = index_at(find_container(*self.source), *self.source, options);
        const MapAdvice advice{options.access, options.huge_pages};
        if (opened.codec || !options.mmap_mode) return detail::advise_reads(opened.file->descriptor(), options.access);
        if (writes) {
            self.in_place = std::make_shared<InPlaceFile>(opened.file, self.container, advice);
            self.map = self.in_place->bytes();
            self.owner = self.in_place;
        } else {
            const auto map = Map::open(
                *opened.file, options.mmap_mode == MmapMode::c ? MapMode::copy_on_write : MapMode::read_only, advice);
            self.map = map->bytes();
            self.owner = map;
        }
    });
}

File::File(std::shared_ptr<const RandomSource> source, const FileOptions& options)
    : implementation_(std::make_shared<Implementation>()) {
    implementation_->n_threads = options.n_threads;
    implementation_->limits = options.limits;
    open_source(*implementation_, std::move(source), options);
}

ContainerIndex::Items File::Implementation::items_of(std::size_t array) {
    const Directory& directory = container->directory;
    if (directory.packing(array) == Packing::none) return container->items_of(array, source, n_threads);
    detail::require_ratio(directory.nbytes(array), directory.stored(array), limits.ratio);
    {
        const std::lock_guard lock(mutex);
        if (const auto known = unpackers.find(array); known != unpackers.end()) return known->second;
    }
    ContainerIndex::Items made = container->items_of(array, source, n_threads);  // reads: not under the lock
    const std::lock_guard lock(mutex);
    return unpackers.try_emplace(array, std::move(made)).first->second;
}

File::File(File&&) noexcept = default;
File& File::operator=(File&&) noexcept = default;
File::~File() = default;

const std::string& File::writer() const noexcept { return implementation_->container->directory.writer(); }
std::size_t File::size() const noexcept { return implementation_->container->directory.size(); }
ArrayEntry File::entry(std::size_t index) const { return implementation_->container->directory.entry(index); }

std::vector<ArrayEntry> File::arrays() const {
    std::vector<ArrayEntry> entries;
    for (std::size_t i = 0; i < size(); ++i) entries.push_back(entry(i));
    return entries;
}

namespace {

std::size_t index_of(const File::Implementation& self, std::string_view name) {
    const auto found = self.container->directory.find(name);
    if (found) return *found;
    throw Error(ErrorCode::missing, "there is no array '" + std::string(name) + "' among the " +
                                        std::to_string(self.container->directory.size()) + " of the file")
        .in_file(shown_url(self.name));
}

// Bytes [first, first + into.size()) of the payload; whole chunks are compared with their checksums.
void read_checked_range(const File::Implementation& self, const ContainerIndex::Items& items, std::size_t index,
                        std::uint64_t first, std::span<std::byte> into) {
    const Directory& directory = self.container->directory;
    const std::uint64_t begin = items.offset;
    const std::span<const std::uint32_t> sums = self.container->checksums_of(index);
    const auto fail = [&](std::uint64_t chunk) {
        throw Error(ErrorCode::checksum, "array '" + std::string(directory.path(index)) +
                                             "': its payload differs from its checksum in the chunk of 1 MiB at " +
                                             std::to_string(chunk * checksum_chunk))
            .at_byte(self.container->place_of(index, chunk * checksum_chunk));
    };
    const std::uint64_t last = first + into.size();
    const auto chunk_end = [&](std::uint64_t chunk) {
        return std::min<std::uint64_t>((chunk + 1) * checksum_chunk, directory.nbytes(index));
    };
    std::uint64_t at = first;
    while (at < last) {
        const std::uint64_t chunk = at / checksum_chunk;
        const bool at_start = at % checksum_chunk == 0;
        if (at_start && chunk_end(chunk) <= last) {
            // The longest run of whole chunks, in parallel.
            const std::uint64_t end = last == directory.nbytes(index) ? last : last / checksum_chunk * checksum_chunk;
            const std::uint64_t chunks = checksum_count(end - at);
            const auto expected =
                sums.empty() ? sums : sums.subspan(static_cast<std::size_t>(chunk), static_cast<std::size_t>(chunks));
            const auto to = into.subspan(static_cast<std::size_t>(at - first), static_cast<std::size_t>(end - at));
            const std::int64_t bad = read_checked(*items.source, begin + at, to, expected, self.n_threads);
            if (bad >= 0) fail(chunk + static_cast<std::uint64_t>(bad));
            at = end;
        } else {
            // A part of a chunk: the whole chunk is read, compared, and the part taken.
            Buffer whole(static_cast<std::size_t>(chunk_end(chunk) - chunk * checksum_chunk));
            const auto expected = sums.empty() ? sums : sums.subspan(static_cast<std::size_t>(chunk), 1);
            if (read_checked(*items.source, begin + chunk * checksum_chunk, whole.bytes(), expected, 1) >= 0)
                fail(chunk);
            const std::uint64_t end = std::min(last, chunk_end(chunk));
            const auto from = std::as_const(whole).bytes().subspan(static_cast<std::size_t>(at % checksum_chunk),
                                                                   static_cast<std::size_t>(end - at));
            std::copy(from.begin(), from.end(), into.begin() + static_cast<std::ptrdiff_t>(at - first));
            at = end;
        }
    }
}

constexpr std::uint64_t worth_reading_alone = 4 * checksum_chunk;
constexpr std::uint64_t window_bytes = 16 * checksum_chunk;

// The runs of a box into `into`, one after the other. Short ones by way of windows of whole chunks, of which none is
// read that holds nothing of the box.
void read_runs(const File::Implementation& self, const ContainerIndex::Items& items, std::size_t index,
               const BoxRuns& box, std::span<std::byte> into) {
    const auto length = static_cast<std::size_t>(box.run_bytes());
    const std::uint64_t nbytes = self.container->directory.nbytes(index);
    Buffer window;
    std::size_t done = 0;
    for (BoxRuns::Cursor run(box); !run.done();) {
        if (box.runs() == 1 || length >= worth_reading_alone) {
            read_checked_range(self, items, index, run.offset(), into.subspan(done, length));
            done += length;
            run.next();
            continue;
        }
        const std::uint64_t begin = run.offset() / checksum_chunk * checksum_chunk;
        const auto chunks_end = [&](const BoxRuns::Cursor& of) {
            return std::min(checksum_count(of.offset() + length) * checksum_chunk, nbytes);
        };
        std::uint64_t end = chunks_end(run);
        for (BoxRuns::Cursor ahead = run; !ahead.done() && ahead.offset() <= end; ahead.next()) {
            if (chunks_end(ahead) - begin > window_bytes) break;
            end = chunks_end(ahead);
        }
        if (window.size() == 0) window = Buffer(static_cast<std::size_t>(std::min(window_bytes, nbytes - begin)));
        read_checked_range(self, items, index, begin, window.bytes().first(static_cast<std::size_t>(end - begin)));
        for (; !run.done() && run.offset() + length <= end; run.next(), done += length)
            std::memcpy(into.data() + done, window.data() + (run.offset() - begin), length);
    }
}

void copy_runs(std::span<const std::byte> payload, const BoxRuns& box, std::span<std::byte> into) {
    const auto length = static_cast<std::size_t>(box.run_bytes());
    std::byte* to = into.data();
    for (BoxRuns::Cursor run(box); !run.done(); run.next(), to += length)
        std::memcpy(to, payload.data() + run.offset(), length);
}

}  // namespace

ArrayEntry File::find(std::string_view name) const { return entry(index_of(*implementation_, name)); }

std::uint64_t File::rows_of(std::string_view name, std::uint64_t piece) const {
    const ArrayEntry entry = find(name);
    if (entry.shape.empty())
        throw Error(ErrorCode::range, "array '" + entry.path + "' has no rows: its shape is ()")
            .in_file(shown_url(implementation_->name));
    if (piece == 0)
        throw Error(ErrorCode::usage, "chunks of 0 rows are asked for").in_file(shown_url(implementation_->name));
    return entry.shape[0];
}

File::Bytes File::read(Implementation& self, std::string_view name, const DType& dtype, std::span<const Range> ranges) {
    const std::size_t index = index_of(self, name);
    return in_file(self.name, [&]() -> Bytes {
        const ArrayEntry entry = self.container->directory.entry(index);
        if (entry.dtype.native() != dtype)
            throw Error(ErrorCode::type, "array '" + entry.path + "' has items of type " + entry.dtype.str() + ", " +
                                             dtype.str() + " is asked for");
        const BoxRuns box(entry, ranges);
        const bool mapped = !self.map.empty() && self.container->directory.packing(index) == Packing::none;
        std::span<std::byte> payload;
        if (mapped) {
            payload = self.map.subspan(static_cast<std::size_t>(self.container->placed.begin + entry.offset),
                                       static_cast<std::size_t>(entry.nbytes));
            std::byte* at = payload.data() + box.offset();
            const bool usable =
                box.runs() <= 1 && entry.dtype.is_native() &&
                reinterpret_cast<std::uintptr_t>(at) % std::min<std::uint64_t>(dtype.itemsize(), 16) == 0;
            if (usable) return {at, box.shape(), entry.order, self.owner};
            if (self.in_place)
                throw Error(ErrorCode::unsupported,
                            "array '" + entry.path + "' cannot be written in place: " +
                                (box.runs() > 1 ? "the items of these ranges do not lie together"
                                                : "it is big-endian or not aligned"));
        }
        if (box.nbytes() > self.limits.bytes)
            throw Error(ErrorCode::limit, "array '" + entry.path + "': " + std::to_string(box.nbytes()) +
                                              " bytes are asked for, " + std::to_string(self.limits.bytes) +
                                              " allowed (limit: bytes)");
        auto buffer = std::make_shared<Buffer>(static_cast<std::size_t>(box.nbytes()));
        if (mapped && box.runs() > 1)
            copy_runs(payload, box, buffer->bytes());
        else
            read_runs(self, self.items_of(index), index, box, buffer->bytes());
        make_native(buffer->bytes(), entry.dtype);
        return {buffer->data(), box.shape(), entry.order, buffer};
    });
}

void File::flush() {
    Implementation& self = *implementation_;
    if (self.in_place) in_file(self.name, [&] { self.in_place->flush(); });
}

}  // namespace jl
