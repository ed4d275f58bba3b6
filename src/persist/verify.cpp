#include <algorithm>

#include <jl/contents.hpp>

#include "codec/binding.hpp"
#include "codec/transfer.hpp"
#include "graph/array_paths.hpp"
#include "io/crc32c.hpp"
#include "io/part.hpp"
#include "persist/companion_files.hpp"
#include "persist/load_npz.hpp"
#include "persist/objects.hpp"
#include "persist/opened.hpp"
#include "persist/parse.hpp"
#include "persist/pass_object.hpp"
#include "persist/payloads.hpp"
#include "persist/stream_trailer.hpp"
#include "pickle/opcodes.hpp"

namespace jl {

// Reads payloads in pieces and keeps none of them: memory stays bounded whatever the file's size.
class Verifier {
  public:
    explicit Verifier(const VerifyOptions& options) : options_(options) {}
    VerifyReport run(const std::string& name);
    VerifyReport run(const std::string& name, const ObjectInfo& object);

  private:
    class Scanner;
    Cell parse(Input& in, Document& document, Scanner& scanner);
    static void compare_paths(const Cell& root, const Directory& directory);
    void one_container(const RandomSource& file, const ContainerIndex& container);
    void plain(const RandomSource& file);
    void encoded(const RandomSource& file, const Codec& codec);
    void archive(const std::shared_ptr<const RandomSource>& file);
    detail::Loaded one_in_order(Input& in);
    void in_order(Input& in);
    void several(const RandomSource& file);
    bool holds_others(const RandomSource& file) const;
    void payloads(const RandomSource& file, const ContainerIndex& container);
    void payload(const RandomSource& file, const ContainerIndex& container, std::size_t array,
                 std::span<std::byte> room);
    void note(Error error) { report_.problems_.push_back(std::move(error.in_file(shown_url(name_)))); }
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

    static constexpr std::size_t most_at_once = 16 * checksum_chunk;

    const VerifyOptions& options_;
    VerifyReport report_;
    std::string name_;
    std::uint64_t total_ = 0;
    bool first_ = true;
};

// Takes array records in order, compares each chunk when checksums are known, else keeps them for the trailer.
class Verifier::Scanner final : public PayloadLoader {
  public:
    Scanner(Verifier& verifier, const ContainerIndex* container) : verifier_(verifier), container_(container) {}

    void load(ArrayNode& array, Input& in) override {
        array.index = verifier_.report_.arrays_++;
        const std::uint64_t position = in.position();
        if (container_) container_->directory.compare(array.index, array, position - container_->placed.begin);
        if (container_) return pass_by(array, in);  // read in parallel later
        if (!array.packed) return sum_up(array, in);
        read_packed(array, in, ratio(), [&](PackedReader& items) { sum_up(array, items); });
    }

    const std::vector<StreamLoader::Seen>& arrays() const { return arrays_; }
    const std::vector<std::uint32_t>& checksums() const { return checksums_; }

  private:
    void pass_by(ArrayNode& array, Input& in) {
        if (array.packed)
            pass_packed(array, in, ratio());
        else
            in.skip(array.nbytes);
        container_->directory.compare_packing(array.index, array.packed.get());
    }
    double ratio() const { return verifier_.options_.limits.ratio; }

    template <class From>
    void sum_up(const ArrayNode& array, From& from) {
        arrays_.push_back({&array, checksums_.size()});
        Buffer chunk(static_cast<std::size_t>(std::min<std::uint64_t>(array.nbytes, checksum_chunk)));
        for (std::uint64_t at = 0; at < array.nbytes; at += checksum_chunk) {
            const auto bytes = chunk.bytes().first(
                static_cast<std::size_t>(std::min<std::uint64_t>(checksum_chunk, array.nbytes - at)));
            from.read(bytes);
            checksums_.push_back(crc32c(bytes));
            verifier_.progress(bytes.size());
        }
    }

    Verifier& verifier_;
    const ContainerIndex* container_;
    std::vector<StreamLoader::Seen> arrays_;
    std::vector<std::uint32_t> checksums_;
};

void Verifier::payloads(const RandomSource& file, const ContainerIndex& container) {
    Buffer room(most_at_once);
    for (std::size_t i = 0; i < container.directory.size(); ++i) payload(file, container, i, room.bytes());
}

void Verifier::payload(const RandomSource& file, const ContainerIndex& container, std::size_t array,
                       std::span<std::byte> room) {
    const std::span<const std::uint32_t> sums = container.checksums_of(array);
    const std::uint64_t size = container.directory.nbytes(array);
    const std::shared_ptr<const RandomSource> borrowed(std::shared_ptr<void>(), &file);
    ContainerIndex::Items items;
    if (!attempt([&] { items = container.items_of(array, borrowed, options_.n_threads); })) return;
    std::size_t part = most_at_once;  // a single chunk behind a damaged one
    for (std::uint64_t at = 0; at < size;) {
        auto bytes = room.first(static_cast<std::size_t>(std::min<std::uint64_t>(part, size - at)));
        const std::size_t first = static_cast<std::size_t>(at / checksum_chunk);
        const auto chunks = static_cast<std::size_t>(checksum_count(bytes.size()));
        std::int64_t bad = -1;
        try {
            bad = read_checked(*items.source, items.offset + at, bytes,
                               sums.empty() ? sums : sums.subspan(first, chunks), options_.n_threads);
        } catch (const Error& error) {
            // What cannot be unpacked is narrowed down, told, and stepped over.
            if (std::exchange(part, checksum_chunk) > checksum_chunk) continue;
            note(error);
        }
        if (bad >= 0) {
            const std::size_t damaged = static_cast<std::size_t>(bad) * checksum_chunk;
            note(Error(ErrorCode::checksum, "array '" + std::string(container.directory.path(array)) +
                                                "': its payload differs from its checksum in the chunk of 1 MiB at " +
                                                std::to_string(at + damaged))
                     .at_byte(container.place_of(array, at + damaged)));
            bytes = bytes.first(std::min(bytes.size(), damaged + checksum_chunk));
        }
        part = bad >= 0 ? checksum_chunk : most_at_once;
        at += bytes.size();
        progress(bytes.size());
    }
}

// Runs the machine over one object; what its array records are is the scanner's business.
Cell Verifier::parse(Input& in, Document& document, Scanner& scanner) {
    const LoadOptions options{.n_threads = options_.n_threads, .limits = options_.limits};
    CompanionFiles companions(name_, options);
    in.start_checksum();
    return parse_object(in, document, scanner, &companions);
}

// One object with what trailer it has.
detail::Loaded Verifier::one_in_order(Input& in) {
    const std::uint64_t begin = in.position();
    Document document(options_.limits);
    Scanner scanner(*this, nullptr);
    const auto version = parse_preamble(in.peek(preamble_bytes));
    parse(in, document, scanner);
    const bool has_trailer =
        version && read_trailer(in, begin, *version, {scanner.arrays(), scanner.checksums()}, options_.limits);
    report_.has_checksums_ = has_trailer && (first_ || report_.has_checksums_);
    first_ = false;
    if (version && !has_trailer)
        throw Error(ErrorCode::truncated,
                    "a jl container begins here and has no footer: its end is lost, its checksums with it")
            .at_byte(begin);
    return {version.has_value(), has_trailer};
}

// Decoded bytes: one object after the other, up to a block table or the end. Behind an object without a trailer
// (joblib's) only what begins as a pickle does is looked at.
void Verifier::in_order(Input& in) {
    detail::Loaded last;
    const auto more = [&] {
        const std::span<const std::byte> next = in.peek(1);
        if (next.empty()) return false;
        return last.is_container ? next[0] != std::byte{op::binbytes8} : next[0] == std::byte{op::proto};
    };
    do last = one_in_order(in);
    while (more());
}

// A file of several, compressed or not. An error in the first object is told as of a file of one.
void Verifier::several(const RandomSource& file) {
    detail::Objects objects(Input(file, 0, file.size()), options_.limits.ratio);
    std::optional<Error> raw;
    detail::Loaded last{true};
    try {
        while (objects.next([&](Input& in) {
            try {
                return last = one_in_order(in);
            } catch (const Error& error) {
                raw = error;
                throw;
            }
        })) {
        }
    } catch (const Error& error) {
        if (!last.is_container && detail::begins_nothing(file, objects.offset())) return;
        if (raw && objects.number() == 1) throw *raw;
        throw;
    }
}

void Verifier::compare_paths(const Cell& root, const Directory& directory) {
    const std::vector<std::string> paths = array_paths(root);
    for (std::size_t i = 0; i < paths.size() && i < directory.size(); ++i)
        if (paths[i] != directory.path(i))
            throw Error(ErrorCode::format, "directory: array record " + std::to_string(i) + " is listed as '" +
                                               std::string(directory.path(i)) + "', its place is '" + paths[i] + "'");
}

void Verifier::one_container(const RandomSource& file, const ContainerIndex& container) {
    report_.has_checksums_ = true;
    report_.modified_in_place_ = container.placed.footer.state == FooterState::modified_in_place;
    attempt([&] {
        Input in(file, 0, file.size());
        Document document(options_.limits);
        Scanner scanner(*this, &container);
        const Cell root = parse(in, document, scanner);
        check_graph_end(in, container);
        if (report_.arrays_ != container.directory.size())
            throw Error(ErrorCode::format, "the directory lists " + std::to_string(container.directory.size()) +
                                               " arrays, the stream holds " + std::to_string(report_.arrays_));
        compare_paths(root, container.directory);
    });
    attempt([&] { payloads(file, container); });
}

void Verifier::plain(const RandomSource& file) {
    total_ = file.size();
    attempt([&] {
        const auto placed = find_container(file);
        if (placed && placed->begin == 0)
            return one_container(file, ContainerIndex::read(file, *placed, options_.limits));
        several(file);
    });
}

// Whether a first compressed object, which is whole, is followed by another one, or by the beginning of a plain one.
bool Verifier::holds_others(const RandomSource& file) const {
    bool other = false;
    detail::Objects objects(Input(file, 0, file.size()), options_.limits.ratio);
    try {
        while (!other && objects.next([&](Input& in) { return pass_object(in, options_.limits).loaded; }))
            other = objects.offset() > 0;
    } catch (const Error&) {
        if (objects.offset() == 0) return false;
        return Input(file, objects.offset(), file.size()).peek(1)[0] == std::byte{op::proto};
    }
    return other;
}

// At once on several threads, where it is compressed as a whole. What is not, is read in order.
void Verifier::encoded(const RandomSource& file, const Codec& codec) {
    const auto as_a_whole = [&] {
        const auto source = decoded(file, codec, {options_.n_threads, options_.limits});
        Input in(*source);
        in_order(in);
        std::vector<std::byte> rest(Input::max_need);
        while (source->read(rest) > 0) {
        }
    };
    attempt([&] {
        try {
            as_a_whole();
        } catch (const Error& error) {
            if (!holds_others(file)) throw;
            report_ = {};
            first_ = true;
            several(file);
        }
    });
}

void Verifier::archive(const std::shared_ptr<const RandomSource>& file) {
    attempt([&] {
        total_ = file->size();
        const NpzFile members(file, options_.limits);
        report_.has_checksums_ = true;
        for (std::size_t i = 0; i < members.members().size(); ++i) {
            attempt([&] {
                Document document(options_.limits);
                Scanner scanner(*this, nullptr);
                (void)read_npz_member(members, i, document, scanner);
            });
        }
    });
}

VerifyReport Verifier::run(const std::string& name) {
    name_ = name;
    in_file(name, [&] {
        const OpenedBytes opened = open_bytes(name);
        if (opened.bytes->size() == 0) return note(Error(ErrorCode::truncated, "the file is empty"));
        if (opened.codec)
            encoded(*opened.bytes, *opened.codec);
        else if (is_archive(*opened.bytes))
            archive(opened.bytes);
        else
            plain(*opened.bytes);
    });
    if (options_.progress) options_.progress({report_.bytes_checked_, total_, true});
    return std::move(report_);
}

VerifyReport Verifier::run(const std::string& name, const ObjectInfo& object) {
    name_ = name;
    in_file(name, [&] {
        if (object.codec != "none")
            throw Error(ErrorCode::unsupported, "object " + std::to_string(object.number) +
                                                    " is compressed: decode it, and verify what comes out");
        plain(Part(open_bytes(name).bytes, object.offset, object.nbytes));
    });
    if (options_.progress) options_.progress({report_.bytes_checked_, total_, true});
    return std::move(report_);
}

VerifyReport verify(const std::filesystem::path& path, const ObjectInfo& object, const VerifyOptions& options) {
    return Verifier(options).run(path.string(), object);
}

VerifyReport verify(const std::filesystem::path& path, const VerifyOptions& options) {
    return Verifier(options).run(path.string());
}

}  // namespace jl
