#include "persist/opened.hpp"

#include <algorithm>

#include <jl/detail/byte_order.hpp>

#include "codec/transfer.hpp"
#include "io/crc32c.hpp"
#include "persist/packed_payload.hpp"
#include "pickle/opcodes.hpp"

namespace jl {

OpenedFile open_file(const std::string& path, FileAccess access) {
    OpenedFile opened{std::make_shared<FileSource>(path, access), nullptr};
    std::vector<std::byte> beginning(
        static_cast<std::size_t>(std::min<std::uint64_t>(magic_bytes(), opened.file->size())));
    opened.file->read_at(0, beginning);
    opened.codec = detect(beginning);
    return opened;
}

namespace {

std::vector<std::byte> read_record(const RandomSource& source, std::uint64_t content, std::uint64_t bytes,
                                   std::uint32_t crc, const char* what) {
    std::vector<std::byte> data(static_cast<std::size_t>(bytes));
    source.read_at(content, data);
    if (crc32c(data) != crc)
        throw Error(ErrorCode::checksum, std::string(what) + " differs from its checksum").at_byte(content);
    std::byte frame[9];
    source.read_at(content - 9, frame);
    if (frame[0] != std::byte{op::binbytes8} || detail::load_little<std::uint64_t>(frame + 1) != bytes)
        throw Error(ErrorCode::format, std::string(what) + " is not where the footer says").at_byte(content - 9);
    return data;
}

}  // namespace

ContainerIndex ContainerIndex::read(const RandomSource& source, const Placed& placed, const Limits& limits) {
    const Footer& footer = placed.footer;
    if (footer.directory_bytes > limits.bytes || footer.checksum_bytes > limits.bytes)
        throw Error(ErrorCode::limit,
                    "the directory takes " + std::to_string(footer.directory_bytes) + " bytes (limit: bytes)");
    auto pickle = read_record(source, placed.begin + footer.directory_content(), footer.directory_bytes,
                              footer.directory_crc, "the directory");
    ContainerIndex container{
        placed, Directory(std::move(pickle), footer.directory_offset, footer.checksum_bytes, limits), {}};
    if (footer.state == FooterState::modified_in_place) return container;
    const auto table = read_record(source, placed.begin + footer.checksums_content(), footer.checksum_bytes,
                                   footer.checksums_crc, "the checksum table");
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
