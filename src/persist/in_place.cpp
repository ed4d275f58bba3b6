#include "persist/in_place.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/file.h>

#include <jl/detail/byte_order.hpp>

#include "codec/transfer.hpp"
#include "io/crc32c.hpp"

namespace jl {

InPlaceFile::InPlaceFile(std::shared_ptr<FileSource> file, std::shared_ptr<const ContainerIndex> container,
                         const MapAdvice& advice)
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
    map_ = Map::open(*file_, MapMode::read_write, advice);
}

void InPlaceFile::set_state(FooterState state, std::uint32_t checksums_crc) {
    Footer footer = container_->placed.footer;
    footer.state = state;
    footer.checksums_crc = checksums_crc;
    file_->write_at(container_->placed.begin + footer.length - footer_record, make_footer(footer));
}

// The checksums stay marked as stale: as long as the map is there, its user may write to it.
void InPlaceFile::flush() { map_->sync(); }

namespace {

// Where a sparse file has no data: chunks there are zeros and need not be read.
class Holes {
  public:
    explicit Holes(int fd) noexcept : fd_(fd) {}
    // Whether [begin, end) reads as zeros for certain. Ascending order is cheapest.
    bool contain(std::uint64_t begin, std::uint64_t end) noexcept {
        if (begin < known_from_ || begin >= known_to_) {
            known_from_ = begin;
            data_ = seek(begin, SEEK_DATA);
            known_to_ = data_ > begin ? data_ : seek(begin, SEEK_HOLE);
        }
        return data_ >= end;
    }

  private:
    // The end of all offsets where nothing follows, the place itself where the file system cannot tell.
    std::uint64_t seek(std::uint64_t from, int what) const noexcept {
        const off_t found = ::lseek(fd_, static_cast<off_t>(from), what);
        if (found >= 0) return static_cast<std::uint64_t>(found);
        return errno == ENXIO && what == SEEK_DATA ? UINT64_MAX : from + 1;
    }

    int fd_;
    std::uint64_t known_from_ = 0, known_to_ = 0;  // what is known of this range:
    std::uint64_t data_ = 0;                       // where data begins
};

}  // namespace

std::vector<std::byte> InPlaceFile::checksum_table() const {
    const Directory& directory = container_->directory;
    Holes holes(file_->descriptor());
    const std::uint32_t of_zeros = crc32c(std::vector<std::byte>(checksum_chunk));
    std::vector<std::byte> table;
    for (std::size_t i = 0; i < directory.size(); ++i) {
        const std::uint64_t begin = container_->placed.begin + directory.offset(i);
        const auto payload =
            map_->bytes().subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(directory.nbytes(i)));
        for (std::size_t at = 0; at < payload.size(); at += checksum_chunk) {
            const bool empty =
                payload.size() - at >= checksum_chunk && holes.contain(begin + at, begin + at + checksum_chunk);
            table.resize(table.size() + 4);
            detail::store_little(
                table.data() + table.size() - 4,
                empty ? of_zeros : crc32c(payload.subspan(at, std::min(checksum_chunk, payload.size() - at))));
        }
    }
    return table;
}

void InPlaceFile::renew() {
    if (::getpid() != opened_by_) return;
    map_->sync();
    if (!container_ || ::flock(file_->descriptor(), LOCK_EX | LOCK_NB) != 0) return;
    const std::vector<std::byte> table = checksum_table();
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
