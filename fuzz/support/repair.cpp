#include "support/repair.hpp"

#include <algorithm>
#include <cstring>

#include <jl/detail/byte_order.hpp>

#include "graph/builder.hpp"
#include "io/crc32c.hpp"
#include "io/input.hpp"
#include "persist/payloads.hpp"
#include "persist/trailer.hpp"
#include "support/check.hpp"

namespace jl::fuzz {

namespace {

using detail::load_little;
using detail::store_little;

class Skipper final : public PayloadLoader {
  public:
    void load(ArrayNode& array, Input& in) override {
        if (array.packed)
            skip_packed(in, packed_array(array));
        else
            in.skip(array.nbytes);
        array.nbytes = 0;
        array.shape = {0};
    }
};

// The checksum of the graph, where it can be read; its length in `end` and `bytes`.
std::uint32_t graph_checksum(std::span<const std::byte> file, std::uint64_t& end, std::uint64_t& bytes) {
    const MemorySource source(file);
    Input in(source, 0, file.size());
    Document document(bounds);
    Skipper skipper;
    GraphBuilder builder(skipper);
    in.start_checksum();
    Machine(in, document, builder).run();
    const std::uint32_t sum = in.checksum();
    end = in.position();
    bytes = in.checksummed_bytes();
    return sum;
}

// Content of the record `8e <u64> … 30` at `at`; empty where there is none.
std::span<const std::byte> record_at(std::span<const std::byte> file, std::uint64_t at) {
    if (at > file.size() || file.size() - at < bytes8_frame || file[static_cast<std::size_t>(at)] != std::byte{0x8e})
        return {};
    const auto size = load_little<std::uint64_t>(file.data() + at + 1);
    if (size > file.size() - at - bytes8_frame) return {};
    return file.subspan(static_cast<std::size_t>(at) + 9, static_cast<std::size_t>(size));
}

}  // namespace

void repair(std::span<std::byte> file) {
    if (file.size() < preamble_bytes + footer_record) return;
    const std::span<std::byte> last = file.last(footer_record);
    if (last[0] != std::byte{0x43} || last[1] != std::byte{footer_content}) return;
    Footer footer;
    std::uint64_t end = 0;
    try {
        footer.graph_crc = graph_checksum(file, end, footer.graph_bytes);
    } catch (const Error&) {
        return;
    }
    const std::span<const std::byte> directory = record_at(file, end);
    const std::span<const std::byte> table = record_at(file, end + bytes8_frame + directory.size());
    footer.length = file.size();
    footer.directory_offset = end;
    footer.directory_bytes = directory.size();
    footer.checksum_bytes = table.size();
    footer.directory_crc = crc32c(directory);
    footer.checksums_crc = crc32c(table);
    footer.state = (last[56] & std::byte{1}) != std::byte{0} ? FooterState::modified_in_place : FooterState::clean;
    const auto record = make_footer(footer);
    std::copy(record.begin(), record.end(), last.begin());
}

}  // namespace jl::fuzz
