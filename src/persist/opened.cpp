#include "persist/opened.hpp"

#include <algorithm>

#include <jl/detail/byte_order.hpp>

#include "codec/transfer.hpp"
#include "io/crc32c.hpp"
#include "io/range.hpp"
#include "persist/packed_payload.hpp"
#include "pickle/opcodes.hpp"

namespace jl {

OpenedFile open_file(const std::string& path, FileAccess access) {
    OpenedFile opened{std::make_shared<FileSource>(path, access), nullptr};
    opened.codec = codec_of(*opened.file);
    return opened;
}

OpenedBytes open_bytes(const std::string& name) {
    OpenedBytes opened;
    if (is_url(name))
        opened.bytes = open_url(name);
    else
        opened.bytes = std::make_shared<FileSource>(name);
    opened.codec = codec_of(*opened.bytes);
    return opened;
}

std::shared_ptr<const Codec> codec_of(const RandomSource& source) {
    return detect(detail::read_range(source, 0, std::min<std::uint64_t>(magic_bytes(), source.size())));
}

namespace {

// The content of a record that begins at `records[at]`, which is byte `place` of the file.
std::span<const std::byte> take_record(std::span<const std::byte> records, std::uint64_t place, std::uint64_t bytes,
                                       std::uint32_t crc, const char* what) {
    const auto frame = records.first(9), data = records.subspan(9, static_cast<std::size_t>(bytes));
    if (crc32c(data) != crc)
        throw Error(ErrorCode::checksum, std::string(what) + " differs from its checksum").at_byte(place + 9);
    if (frame[0] != std::byte{op::binbytes8} || detail::load_little<std::uint64_t>(frame.data() + 1) != bytes)
        throw Error(ErrorCode::format, std::string(what) + " is not where the footer says").at_byte(place);
    return data;
}

}  // namespace

ContainerIndex ContainerIndex::read(const RandomSource& source, const Placed& placed, const Limits& limits) {
    const Footer& footer = placed.footer;
    if (footer.directory_bytes > limits.bytes || footer.checksum_bytes > limits.bytes)
        throw Error(ErrorCode::limit,
                    "the directory takes " + std::to_string(footer.directory_bytes) + " bytes (limit: bytes)");
    // One read for both, which may be far away.
    const bool stale = footer.state == FooterState::modified_in_place;
    const std::uint64_t begin = placed.begin + footer.directory_offset;
    const std::uint64_t first_record = bytes8_frame + footer.directory_bytes;
    const std::vector<std::byte> records =
        detail::read_range(source, begin, stale ? first_record : first_record + bytes8_frame + footer.checksum_bytes);
    const auto pickle = take_record(records, begin, footer.directory_bytes, footer.directory_crc, "the directory");
    ContainerIndex container{
        placed, Directory({pickle.begin(), pickle.end()}, footer.directory_offset, footer.checksum_bytes, limits), {}};
    if (stale) return container;
    const auto table =
        take_record(std::span(records).subspan(static_cast<std::size_t>(first_record)), begin + first_record,
                    footer.checksum_bytes, footer.checksums_crc, "the checksum table");
    container.checksums.resize(table.size() / 4);
    for (std::size_t i = 0; i < container.checksums.size(); ++i)
        container.checksums[i] = detail::load_little<std::uint32_t>(table.data() + 4 * i);
    return container;
}

std::span<const std::uint32_t> ContainerIndex::checksums_of(std::size_t array) const {
    if (checksums.empty()) return {};
    const std::uint64_t count = checksum_count(directory.nbytes(array));
    return std::span(checksums).subspan(static_cast<std::size_t>(directory.first_checksum(array)),
                                        static_cast<std::size_t>(count));
}

namespace {

// Errors of what unpacks an array tell which one it is.
template <class Work>
auto in_array(std::string_view name, std::uint64_t place, Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const Error& error) {
        throw Error(error.code(), "array '" + std::string(name) + "': " + error.detail()).at_byte(place);
    }
}

class NamedItems final : public RandomSource {
  public:
    NamedItems(std::unique_ptr<RandomSource> items, std::string name, std::uint64_t place)
        : items_(std::move(items)), name_(std::move(name)), place_(place) {}
    std::uint64_t size() const override { return items_->size(); }
    bool prefers_long_reads() const override { return items_->prefers_long_reads(); }
    void read_at(std::uint64_t offset, std::span<std::byte> into) const override {
        in_array(name_, place_, [&] { items_->read_at(offset, into); });
    }

  private:
    std::unique_ptr<RandomSource> items_;
    std::string name_;
    std::uint64_t place_;
};

}  // namespace

ContainerIndex::Items ContainerIndex::items_of(std::size_t array, std::shared_ptr<const RandomSource> file,
                                               unsigned n_threads) const {
    const std::uint64_t offset = placed.begin + directory.offset(array);
    if (directory.packing(array) == Packing::none) return {std::move(file), offset};
    const PackedArray packed{directory.packing(array), directory.dtype(array), directory.shape(array),
                             directory.order(array), directory.nbytes(array)};
    const std::vector<std::uint32_t> chunks = directory.chunks(array);
    const std::string_view name = directory.path(array);
    auto items = in_array(name, offset, [&] {
        return packed_source(std::move(file), packed, {offset, directory.stored(array), chunks}, n_threads);
    });
    return {std::make_shared<NamedItems>(std::move(items), std::string(name), offset), 0};
}

}  // namespace jl
