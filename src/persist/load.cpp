#include <jl/load.hpp>

#include "codec/binding.hpp"
#include "io/advise.hpp"
#include "io/map.hpp"
#include "io/remote/url_parts.hpp"
#include "persist/companion_files.hpp"
#include "persist/in_place.hpp"
#include "persist/load_forward.hpp"
#include "persist/load_npz.hpp"
#include "persist/opened.hpp"
#include "persist/parse.hpp"
#include "persist/payloads.hpp"
#include "persist/stream_trailer.hpp"
#include "pickle/opcodes.hpp"

namespace jl::detail {

namespace {

constexpr std::uint64_t highest_expansion = 1'100;  // deflate reaches 1 032

std::shared_ptr<const ContainerIndex> container_of(const RandomSource& file, const Limits& limits) {
    const auto placed = find_container(file);
    // Several containers in one file: the first is loaded, and it is not the one that the footer at the end describes.
    if (!placed || placed->begin != 0) return nullptr;
    return std::make_shared<const ContainerIndex>(ContainerIndex::read(file, *placed, limits));
}

template <class Loader>
Cell parse_file(const RandomSource& file, Document& document, Loader& loader, const ContainerIndex* container,
                const Place& place) {
    Input in(file, 0, file.size());
    if (!container) {
        const bool lost_its_index = begins_container(in, Following::nothing).has_value();
        const Cell root = parse_checked(in, document, loader, place);
        if (lost_its_index) trailer_follows(in);
        return root;
    }
    in.start_checksum();
    const Cell root = parse_checked(in, document, loader, place);
    check_graph_end(in, *container);
    loader.finish();
    return root;
}

// ---- whole files with random access ----

// A container that does not end the file (others follow it, or its trailer is lost) is read in order, with what trailer
// it has.
void load_plain(const Reading& reading, std::shared_ptr<const RandomSource> file, const Place& place) {
    const LoadOptions& options = place.options;
    const auto container = container_of(*file, options.limits);
    if (Input in(*file, 0, file->size()); !container && begins_container(in, Following::nothing))
        return static_cast<void>(load_forward(reading, in, Limits::none, place));
    auto document = std::make_shared<Document>(options.limits);
    DeferringLoader loader(*document, file, container, options.n_threads);
    const Cell root = parse_file(*file, *document, loader, container.get(), place);
    convert(reading, std::move(document), root, options);
    if (options.progress) options.progress({file->size(), file->size(), true});
}

void load_mapped(const Reading& reading, std::shared_ptr<FileSource> file, const Place& place) {
    const LoadOptions& options = place.options;
    const auto container = container_of(*file, options.limits);
    if (Input in(*file, 0, file->size());
        !container && begins_container(in, Following::nothing) && *options.mmap_mode == MmapMode::r_plus)
        throw Error(ErrorCode::unsupported,
                    "the file does not end with the object's own directory (several objects, or a lost end): it cannot "
                    "be changed in place");
    std::shared_ptr<void> owner;
    std::span<std::byte> bytes;
    const bool write_through = *options.mmap_mode == MmapMode::r_plus;
    if (write_through) {
        auto in_place = std::make_shared<InPlaceFile>(file, container, MapAdvice{options.access, options.huge_pages});
        bytes = in_place->bytes();
        owner = std::move(in_place);
    } else {
        auto map = Map::open(*file, *options.mmap_mode == MmapMode::c ? MapMode::copy_on_write : MapMode::read_only,
                             {options.access, options.huge_pages});
        bytes = map->bytes();
        owner = std::move(map);
    }
    auto document = std::make_shared<Document>(options.limits);
    document->keep(owner);
    MappingLoader loader(*document, bytes, std::move(owner), options, container);
    const MemorySource memory(bytes);
    const Cell root = parse_file(memory, *document, loader, container.get(), place);
    convert(reading, std::move(document), root, options);
}

// Bytes that were looked at, and then the rest.
class PrefixedSource final : public Source {
  public:
    PrefixedSource(std::vector<std::byte> prefix, Source& rest) : prefix_(std::move(prefix)), rest_(rest) {}
    std::size_t read(std::span<std::byte> into) override {
        if (used_ == prefix_.size()) return rest_.read(into);
        const std::size_t count = std::min(into.size(), prefix_.size() - used_);
        std::copy_n(prefix_.begin() + static_cast<std::ptrdiff_t>(used_), count, into.begin());
        used_ += count;
        return count;
    }
    std::optional<std::uint64_t> remaining() override {
        const auto rest = rest_.remaining();
        return rest ? std::optional(*rest + (prefix_.size() - used_)) : std::nullopt;
    }

  private:
    std::vector<std::byte> prefix_;
    std::size_t used_ = 0;
    Source& rest_;
};

std::uint64_t believed_from(std::uint64_t encoded_size) {
    const std::uint64_t most =
        encoded_size > Limits::none / highest_expansion ? Limits::none : encoded_size * highest_expansion;
    return std::max(believed_from_streams, most);
}

void load_encoded(const Reading& reading, std::unique_ptr<Source> decoded_bytes, std::uint64_t encoded_size,
                  const Place& place) {
    Input in(*decoded_bytes);
    load_forward(reading, in, believed_from(encoded_size), place);
    // The rest of the stream (a block table, the codec's own checksum) is read and checked too.
    std::vector<std::byte> rest(Input::max_need);
    while (decoded_bytes->read(rest) > 0) {
    }
}

void load_archive(const Reading& reading, const std::shared_ptr<const RandomSource>& archive,
                  const LoadOptions& options) {
    refuse_map(options, "a .npz archive");
    ArrayPlaces places;
    reading.places(places);
    auto document = std::make_shared<Document>(options.limits);
    StreamLoader loader(*document, places, believed_from(archive->size()), options.progress);
    const Cell root = read_npz(archive, *document, loader, options.limits);
    require_depth(root, options.limits);
    convert(reading, std::move(document), root, options);
    if (options.progress) options.progress({archive->size(), archive->size(), true});
}

// A pipe with one object: nothing follows it.
void load_whole(const Reading& reading, Source& source, const LoadOptions& options) {
    refuse_map(options, "a stream");
    Input in(source);
    const auto codec = codec_at(in);
    if (!codec) {
        load_forward(reading, in, believed_from_streams, {options});
        return;
    }
    std::vector<std::byte> prefix(static_cast<std::size_t>(in.unread()));
    in.read(prefix);
    auto whole = std::make_unique<PrefixedSource>(std::move(prefix), source);
    load_encoded(reading, decoded(std::move(whole), *codec, {options.n_threads, options.limits}), 0, {options});
}

void load_file(const Reading& reading, const std::string& name, const LoadOptions& options) {
    const bool writes = options.mmap_mode == MmapMode::r_plus;
    const OpenedFile opened = open_file(name, writes ? FileAccess::read_write : FileAccess::read);
    if (opened.file->size() == 0) throw Error(ErrorCode::truncated, "the file is empty");
    if (!options.mmap_mode) advise_reads(opened.file->descriptor(), options.access);
    CompanionFiles companions(name, options);
    const Place place{options, &companions};
    if (!opened.codec && is_archive(*opened.file)) return load_archive(reading, opened.file, options);
    if (!opened.codec)
        return options.mmap_mode ? load_mapped(reading, opened.file, place) : load_plain(reading, opened.file, place);
    refuse_map(options, "a " + opened.codec->name + " file");
    load_encoded(reading, decoded(*opened.file, *opened.codec, {options.n_threads, options.limits}),
                 opened.file->size(), place);
}

bool leaves_arrays(const LoadOptions& options) {
    return options.mmap_mode && options.mmap_fallback == Fallback::on_demand;
}

// In order, but for what is read when it is asked for, and archives, whose list is at their end.
void load_url(const Reading& reading, const std::string& url, const LoadOptions& options) {
    refuse_map(options, "what a URL stands for");
    if (leaves_arrays(options)) return load_from_random(reading, open_url(url), options);
    if (name_in(url).ends_with(".npz")) return load_archive(reading, open_url(url), options);
    const std::unique_ptr<Source> source = stream_url(url);
    load_whole(reading, *source, options);
}

}  // namespace

void load_from_path(const Reading& reading, const std::filesystem::path& path, const LoadOptions& options) {
    const std::string name = path.string();
    in_file(name, [&] {
        if (is_url(name)) return load_url(reading, name, options);
        if (FileSource::is_regular(name)) return load_file(reading, name, options);
        const Descriptor pipe = PipeSource::open(name);
        PipeSource source(pipe.get(), name);
        load_whole(reading, source, options);
    });
}

void load_from_memory(const Reading& reading, std::span<const std::byte> bytes, const LoadOptions& options) {
    if (bytes.empty()) throw Error(ErrorCode::truncated, "the memory is empty: there is no object");
    refuse_map(options, "memory");
    load_from_random(reading, std::make_shared<MemorySource>(bytes), options);
}

void load_from_random(const Reading& reading, const std::shared_ptr<const RandomSource>& source,
                      const LoadOptions& options) {
    if (source->size() == 0) throw Error(ErrorCode::truncated, "the source is empty: there is no object");
    refuse_map(options, "a source");
    const auto codec = codec_of(*source);
    if (!codec && is_archive(*source)) return load_archive(reading, source, options);
    if (!codec) return load_plain(reading, source, {options});
    if (leaves_arrays(options))
        if (auto blocks = block_source(source, *codec, {options.n_threads, options.limits}))
            return load_plain(reading, std::move(blocks), {options});
    load_encoded(reading, decoded(*source, *codec, {options.n_threads, options.limits}), source->size(), {options});
}

}  // namespace jl::detail
