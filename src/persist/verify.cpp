#include <jl/verify.hpp>

#include <algorithm>

#include "codec/binding.hpp"
#include "codec/transfer.hpp"
#include "graph/builder.hpp"
#include "io/crc32c.hpp"
#include "persist/opened.hpp"
#include "persist/payloads.hpp"
#include "persist/stream_trailer.hpp"

namespace jl {

// Reads payloads in pieces and keeps none of them: memory stays bounded whatever the file's size.
class Verifier {
  public:
    explicit Verifier(const VerifyOptions& options) : options_(options) {}
    VerifyReport run(const std::string& name);

  private:
    class Scanner;
    void plain(const RandomSource& file);
    void encoded(const RandomSource& file, const Codec& codec);
    void payloads(const RandomSource& file, const ContainerIndex& container);
    void note(Error error) { report_.problems_.push_back(std::move(error.in_file(name_))); }
    template <class Work>
    bool attempt(Work work) {
        try {
            work();
            return true;
        } catch (const Error& error) {
            note(error);
            return false;
        }
    }
    void progress(std::uint64_t bytes) {
        report_.bytes_checked_ += bytes;
        if (options_.progress) options_.progress({report_.bytes_checked_, total_, false});
    }

    const VerifyOptions& options_;
    VerifyReport report_;
    std::string name_;
    std::uint64_t total_ = 0;
};

// Takes array records in order, compares each chunk when checksums are known, else keeps them for the trailer.
class Verifier::Scanner final : public PayloadLoader {
  public:
    Scanner(Verifier& verifier, const ContainerIndex* container) : verifier_(verifier), container_(container) {}

    void load(ArrayNode& array, Input& in) override {
        array.index = verifier_.report_.arrays_++;
        const std::uint64_t position = in.position();
        if (container_) container_->directory.compare(array.index, array, position - container_->placed.begin);
        if (container_) return in.skip(array.nbytes);  // read in parallel later
        Buffer chunk(static_cast<std::size_t>(std::min<std::uint64_t>(array.nbytes, checksum_chunk)));
        for (std::uint64_t at = 0; at < array.nbytes; at += checksum_chunk) {
            const auto bytes = chunk.bytes().first(static_cast<std::size_t>(std::min<std::uint64_t>(checksum_chunk, array.nbytes - at)));
            in.read(bytes);
            checksums_.push_back(crc32c(bytes));
            verifier_.progress(bytes.size());
        }
        arrays_.push_back({&array, checksums_.size() - (array.nbytes + checksum_chunk - 1) / checksum_chunk});
    }

    const std::vector<StreamLoader::Seen>& arrays() const { return arrays_; }
    const std::vector<std::uint32_t>& checksums() const { return checksums_; }

  private:
    Verifier& verifier_;
    const ContainerIndex* container_;
    std::vector<StreamLoader::Seen> arrays_;
    std::vector<std::uint32_t> checksums_;
};

void Verifier::payloads(const RandomSource& file, const ContainerIndex& container) {
    const Directory& directory = container.directory;
    constexpr std::size_t part = 16 * checksum_chunk;
    Buffer room(part);
    for (std::size_t i = 0; i < directory.size(); ++i) {
        const std::span<const std::uint32_t> sums = container.checksums_of(i);
        for (std::uint64_t at = 0; at < directory.nbytes(i); at += part) {
            const auto bytes = room.bytes().first(static_cast<std::size_t>(std::min<std::uint64_t>(part, directory.nbytes(i) - at)));
            const std::size_t first = static_cast<std::size_t>(at / checksum_chunk);
            const std::size_t chunks = (bytes.size() + checksum_chunk - 1) / checksum_chunk;
            const std::uint64_t offset = container.placed.begin + directory.offset(i) + at;
            const std::int64_t bad = read_checked(file, offset, bytes, sums.empty() ? sums : sums.subspan(first, chunks), options_.n_threads);
            if (bad >= 0)
                note(Error(ErrorCode::checksum, "array '" + std::string(directory.path(i)) + "': its payload differs from its checksum in the chunk of 1 MiB at " +
                                                    std::to_string(at + static_cast<std::uint64_t>(bad) * checksum_chunk)).at_byte(offset + static_cast<std::uint64_t>(bad) * checksum_chunk));
            progress(bytes.size());
        }
    }
}

void Verifier::plain(const RandomSource& file) {
    total_ = file.size();
    std::optional<ContainerIndex> container;
    attempt([&] {
        if (const auto placed = find_container(file); placed && placed->begin == 0) container.emplace(ContainerIndex::read(file, *placed, options_.limits));
    });
    if (!report_.problems_.empty()) return;
    report_.has_checksums_ = container.has_value();
    report_.modified_in_place_ = container && container->placed.footer.state == FooterState::modified_in_place;
    attempt([&] {
        Input in(file, 0, file.size());
        if (const auto version = parse_preamble(in.peek(preamble_bytes)); version && !container)
            throw Error(ErrorCode::truncated, "the file begins as a jl container and has no footer: its end is lost, its checksums with it");
        Document document(options_.limits);
        Scanner scanner(*this, container ? &*container : nullptr);
        GraphBuilder builder(scanner);
        in.start_checksum();
        Machine(in, document, builder).run();
        if (!container) return;
        const Footer& footer = container->placed.footer;
        if (in.position() != footer.directory_offset)
            throw Error(ErrorCode::format, "the graph ends at byte " + std::to_string(in.position()) + ", the footer says " + std::to_string(footer.directory_offset));
        if (in.checksum() != footer.graph_crc || in.checksummed_bytes() != footer.graph_bytes)
            throw Error(ErrorCode::checksum, "the object graph differs from its checksum");
        if (report_.arrays_ != container->directory.size())
            throw Error(ErrorCode::format, "the directory lists " + std::to_string(container->directory.size()) + " arrays, the stream holds " + std::to_string(report_.arrays_));
    });
    if (container) attempt([&] { payloads(file, *container); });
}

void Verifier::encoded(const RandomSource& file, const Codec& codec) {
    attempt([&] {
        const auto source = decoded(file, codec, {options_.n_threads, options_.limits});
        Input in(*source);
        Document document(options_.limits);
        Scanner scanner(*this, nullptr);
        GraphBuilder builder(scanner);
        const bool ours = parse_preamble(in.peek(preamble_bytes)).has_value();
        in.start_checksum();
        Machine(in, document, builder).run();
        if (ours) report_.has_checksums_ = read_trailer(in, 0, {scanner.arrays(), scanner.checksums()}, options_.limits);
        if (ours && !report_.has_checksums_)
            throw Error(ErrorCode::truncated, "the stream begins as a jl container and has no footer: its end is lost, its checksums with it");
        std::vector<std::byte> rest(Input::max_need);
        while (source->read(rest) > 0) {
        }
    });
}

VerifyReport Verifier::run(const std::string& name) {
    name_ = name;
    in_file(name, [&] {
        const OpenedFile opened = open_file(name, FileAccess::read);
        if (opened.file->size() == 0) return note(Error(ErrorCode::truncated, "the file is empty"));
        if (opened.codec) encoded(*opened.file, *opened.codec);
        else plain(*opened.file);
    });
    if (options_.progress) options_.progress({report_.bytes_checked_, total_, true});
    return std::move(report_);
}

VerifyReport verify(const std::filesystem::path& path, const VerifyOptions& options) { return Verifier(options).run(path.string()); }

}  // namespace jl
