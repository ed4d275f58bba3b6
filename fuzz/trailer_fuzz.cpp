// Footer and directory of a file: no crash, no claim that the file does not keep.
#include "persist/opened.hpp"
#include "support/check.hpp"
#include "support/mutator.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace jl;
    const auto bytes = std::as_bytes(std::span(data, size));
    try {
        const MemorySource source(bytes);
        const auto placed = find_container(source);
        if (!placed) return 0;
        fuzz::require(placed->begin + placed->footer.length <= size, "the container lies in the file");
        const ContainerIndex index = ContainerIndex::read(source, *placed, fuzz::bounds);
        std::uint64_t end = 0;
        for (std::size_t i = 0; i < index.directory.size(); ++i) {
            const ArrayEntry entry = index.directory.entry(i);
            fuzz::require(entry.offset >= end && entry.offset + entry.nbytes <= placed->footer.directory_offset,
                          "payloads follow one another");
            end = entry.offset + entry.nbytes;
            fuzz::require(index.directory.find(entry.path).has_value(), "an array is found by its path");
            const std::uint64_t sums = index.checksums_of(i).size();
            fuzz::require(index.checksums.empty() || sums == (entry.nbytes + (1 << 20) - 1) >> 20,
                          "every chunk has a checksum");
        }
    } catch (const Error&) {
    }
    return 0;
}
