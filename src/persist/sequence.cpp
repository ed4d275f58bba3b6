#include <istream>

#include <jl/sequence.hpp>
#include <jl/url.hpp>

#include "io/file.hpp"
#include "persist/companion_files.hpp"
#include "persist/objects.hpp"
#include "persist/opened.hpp"
#include "persist/payloads.hpp"

namespace jl::detail {

struct SequenceReader::State {
    explicit State(const LoadOptions& chosen) : options(chosen) {}

    std::string name;
    LoadOptions options;
    std::unique_ptr<FileSource> file;
    Descriptor pipe;
    std::unique_ptr<Source> owned;
    std::unique_ptr<CompanionFiles> companions;
    std::uint64_t believed = believed_from_streams;
    std::optional<Objects> objects;

    void read_from(Input in) { objects.emplace(std::move(in), options.limits.ratio); }
    void read_from(Source& source) {
        refuse_map(options, "a sequence of objects");
        read_from(Input(source));
    }
    bool next(const Reading& reading) {
        return objects->next([&](Input& in) {
            return load_forward(reading, in, believed, {options, companions.get()}, Following::others);
        });
    }
};

SequenceReader::SequenceReader(const std::filesystem::path& path, const LoadOptions& options)
    : state_(std::make_unique<State>(options)) {
    State& state = *state_;
    state.name = path.string();
    in_file(state.name, [&] {
        refuse_map(options, "a sequence of objects");
        if (is_url(state.name)) {
            state.owned = stream_url(state.name);
            return state.read_from(*state.owned);
        }
        state.companions = std::make_unique<CompanionFiles>(state.name, state.options);
        if (FileSource::is_regular(state.name)) {
            state.file = std::make_unique<FileSource>(state.name);
            state.believed = Limits::none;
            state.read_from(Input(*state.file, 0, state.file->size()));
        } else {
            state.pipe = PipeSource::open(state.name);
            state.owned = std::make_unique<PipeSource>(state.pipe.get(), state.name);
            state.read_from(*state.owned);
        }
    });
}

SequenceReader::SequenceReader(std::istream& stream, const LoadOptions& options)
    : state_(std::make_unique<State>(options)) {
    state_->owned = std::make_unique<StreamSource>(stream);
    state_->read_from(*state_->owned);
}

SequenceReader::SequenceReader(Source& source, const LoadOptions& options) : state_(std::make_unique<State>(options)) {
    state_->read_from(source);
}

SequenceReader::SequenceReader(SequenceReader&&) noexcept = default;
SequenceReader& SequenceReader::operator=(SequenceReader&&) noexcept = default;
SequenceReader::~SequenceReader() = default;

bool SequenceReader::next(const Reading& reading) {
    if (state_->name.empty()) return state_->next(reading);
    return in_file(state_->name, [&] { return state_->next(reading); });
}

std::uint64_t SequenceReader::offset() const noexcept { return state_->objects->offset(); }
std::uint64_t SequenceReader::number() const noexcept { return state_->objects->number(); }

}  // namespace jl::detail
