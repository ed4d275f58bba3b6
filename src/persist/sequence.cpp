#include <istream>

#include <jl/detail/byte_order.hpp>
#include <jl/sequence.hpp>
#include <jl/url.hpp>

#include "codec/decoded_objects.hpp"
#include "io/file.hpp"
#include "persist/companion_files.hpp"
#include "persist/load_forward.hpp"
#include "persist/opened.hpp"
#include "persist/payloads.hpp"
#include "pickle/opcodes.hpp"

namespace jl::detail {

namespace {

// Compressed objects up to the end of a stream: one, or several in it.
struct Compressed {
    Compressed(Input& in, std::shared_ptr<const Codec> codec, double ratio)
        : objects(in, std::move(codec), ratio), content(objects) {}
    DecodedObjects objects;
    Input content;
};

// Bytes that a source hands out become objects in order; what is between them is passed over.
class Objects {
  public:
    Objects(Input in, std::uint64_t believed, const LoadOptions& options, Companions* companions)
        : in_(std::move(in)), believed_(believed), options_(options), companions_(companions) {}

    bool next(const Reading& reading) {
        if (ended_) return false;
        ended_ = true;  // unless all goes well
        if (!find_next()) return false;
        ++number_;
        const bool follows_in_stream = compressed_ != nullptr;
        try {
            loaded_ = load_forward(reading, follows_in_stream ? compressed_->content : in_, believed_,
                                   {options_, companions_}, Following::others);
            if (loaded_.is_container && !loaded_.has_trailer)
                throw Error(ErrorCode::truncated, "the container's trailer is missing");
        } catch (const Error& error) {
            fail(error);
        }
        ended_ = false;
        return true;
    }

    std::uint64_t offset() const noexcept { return offset_; }
    std::uint64_t number() const noexcept { return number_; }

  private:
    bool find_next() {
        try {
            if (compressed_ && !stream_goes_on()) compressed_.reset();
            if (compressed_) return true;
            pass_records(in_);
            offset_ = in_.position();
            if (in_.peek(1).empty()) return false;
            if (auto codec = codec_at(in_))
                compressed_ = std::make_unique<Compressed>(in_, std::move(codec), options_.limits.ratio);
            return true;
        } catch (const Error& error) {
            ++number_;
            fail(error);
        }
    }

    // The decoded table of a compressed stream's units (spec: codecs), which a decompressor left in a file.
    static void pass_records(Input& in) {
        const std::span<const std::byte> first = in.peek(1);
        if (first.empty() || first[0] != std::byte{op::binbytes8}) return;
        const std::span<const std::byte> head = in.peek(9);
        if (head.size() < 9) return;
        const auto count = load_little<std::uint64_t>(head.data() + 1);
        constexpr std::uint64_t frame = 10;
        constexpr std::uint64_t locator = 59;
        in.expect(count, [] { return "a table"; });
        in.skip(frame);
        in.skip(count);
        in.skip(locator);
    }

    bool stream_goes_on() {
        DecodedObjects& objects = compressed_->objects;
        objects.stay_in_stream();
        const std::span<const std::byte> next = compressed_->content.peek(1);
        if (!next.empty() && next[0] != std::byte{op::binbytes8}) {
            objects.leave_stream_freely();
            return true;
        }
        objects.finish_stream();
        if (loaded_.is_container) objects.pass_table();
        return false;
    }

    [[noreturn]] void fail(const Error& error) const {
        Error named(error.code(), "object " + std::to_string(number_) + ", which begins at byte " +
                                      std::to_string(offset_) + ": " + error.detail());
        if (error.offset()) named.at_byte(*error.offset());
        if (!error.path().empty()) named.at_path(error.path());
        throw named;
    }

    Input in_;
    std::uint64_t believed_;
    LoadOptions options_;
    Companions* companions_;
    std::unique_ptr<Compressed> compressed_;
    Loaded loaded_;
    std::uint64_t offset_ = 0;
    std::uint64_t number_ = 0;
    bool ended_ = false;
};

}  // namespace

struct SequenceReader::State {
    std::string name;
    std::unique_ptr<FileSource> file;
    Descriptor pipe;
    std::unique_ptr<Source> owned;
    std::unique_ptr<CompanionFiles> companions;
    std::unique_ptr<Objects> objects;

    void read_from(Source& source, const LoadOptions& options) {
        refuse_map(options, "a sequence of objects");
        objects = std::make_unique<Objects>(Input(source), believed_from_streams, options, companions.get());
    }
};

SequenceReader::SequenceReader(const std::filesystem::path& path, const LoadOptions& options)
    : state_(std::make_unique<State>()) {
    State& state = *state_;
    state.name = path.string();
    in_file(state.name, [&] {
        refuse_map(options, "a sequence of objects");
        if (is_url(state.name)) {
            state.owned = stream_url(state.name);
            return state.read_from(*state.owned, options);
        }
        state.companions = std::make_unique<CompanionFiles>(state.name, options);
        if (FileSource::is_regular(state.name)) {
            state.file = std::make_unique<FileSource>(state.name);
            state.objects = std::make_unique<Objects>(Input(*state.file, 0, state.file->size()), Limits::none, options,
                                                      state.companions.get());
        } else {
            state.pipe = PipeSource::open(state.name);
            state.owned = std::make_unique<PipeSource>(state.pipe.get(), state.name);
            state.read_from(*state.owned, options);
        }
    });
}

SequenceReader::SequenceReader(std::istream& stream, const LoadOptions& options) : state_(std::make_unique<State>()) {
    state_->owned = std::make_unique<StreamSource>(stream);
    state_->read_from(*state_->owned, options);
}

SequenceReader::SequenceReader(Source& source, const LoadOptions& options) : state_(std::make_unique<State>()) {
    state_->read_from(source, options);
}

SequenceReader::SequenceReader(SequenceReader&&) noexcept = default;
SequenceReader& SequenceReader::operator=(SequenceReader&&) noexcept = default;
SequenceReader::~SequenceReader() = default;

bool SequenceReader::next(const Reading& reading) {
    if (state_->name.empty()) return state_->objects->next(reading);
    return in_file(state_->name, [&] { return state_->objects->next(reading); });
}

std::uint64_t SequenceReader::offset() const noexcept { return state_->objects->offset(); }
std::uint64_t SequenceReader::number() const noexcept { return state_->objects->number(); }

}  // namespace jl::detail
