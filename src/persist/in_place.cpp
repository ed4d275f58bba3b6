#include "persist/in_place.hpp"

#include <algorithm>
#include <sys/file.h>

#include <jl/detail/byte_order.hpp>

#include "codec/transfer.hpp"
#include "io/crc32c.hpp"

namespace jl {

InPlaceFile::InPlaceFile(std::shared_ptr<FileSource> file, std::shared_ptr<const ContainerIndex> container)
    : file_(std::move(file)), container_(std::move(container)) {
    for (std::size_t i = 0; container_ && i < container_->directory.size(); ++i)
        if (container_->directory.packing(i) != Packing::none)
            throw Error(ErrorCode::unsupported, "array '" + std::string(container_->directory.path(i)) +
                                                    "' is packed by " + name_of(container_->directory.packing(i)) +
                                                    ": the file cannot be changed in place");
    // Each writer holds a shared lock: only who is alone may declare the checksums fresh.
    ::flock(file_->descriptor(), LOCK_SH);
    if (container_) {
        set_state(FooterState::modified_in_place, container_->placed.footer.checksums_crc);
        file_->sync();
    }
    map_ = Map::open(*file_, MapMode::read_write);
}

void InPlaceFile::set_state(FooterState state, std::uint32_t checksums_crc) {
    Footer footer = container_->placed.footer;
    footer.state = state;
    footer.checksums_crc = checksums_crc;
    file_->write_at(container_->placed.begin + footer.length - footer_record, make_footer(footer));
}

// The checksums stay marked as stale: as long as the map is there, its user may write to it.
void InPlaceFile::flush() { map_->sync(); }

void InPlaceFile::renew() {
    map_->sync();
    if (!container_ || ::flock(file_->descriptor(), LOCK_EX | LOCK_NB) != 0) return;
    const Directory& directory = container_->directory;
    std::vector<std::byte> table;
    for (std::size_t i = 0; i < directory.size(); ++i) {
        const std::span<const std::byte> payload =
            map_->bytes().subspan(static_cast<std::size_t>(container_->placed.begin + directory.offset(i)),
                                  static_cast<std::size_t>(directory.nbytes(i)));
        for (std::size_t at = 0; at < payload.size(); at += checksum_chunk) {
            table.resize(table.size() + 4);
            detail::store_little(table.data() + table.size() - 4,
                                 crc32c(payload.subspan(at, std::min(checksum_chunk, payload.size() - at))));
        }
    }
    file_->write_at(container_->placed.begin + container_->placed.footer.checksums_content(), table);
    file_->sync();
    set_state(FooterState::clean, crc32c(table));
    file_->sync();
}

InPlaceFile::~InPlaceFile() {
    try {
        renew();
    } catch (const std::exception&) {
        // The file stays marked as modified in place: verify says so, and every reader skips the stale checksums.
    }
}

}  // namespace jl
