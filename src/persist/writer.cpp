#include <algorithm>
#include <cstring>
#include <functional>
#include <set>

#include <jl/buffer.hpp>
#include <jl/detail/byte_order.hpp>
#include <jl/detail/checked.hpp>
#include <jl/url.hpp>
#include <jl/writer.hpp>

#include "array/layout.hpp"
#include "graph/array_node.hpp"
#include "graph/padding.hpp"
#include "io/file.hpp"
#include "io/remote/url_parts.hpp"
#include "persist/array_only.hpp"
#include "persist/container_writer.hpp"
#include "persist/dump_choice.hpp"
#include "persist/opened.hpp"

namespace jl {

namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 20;

// The array that rows are appended to.
struct OpenRows {
    std::string name;
    DType dtype;
    std::vector<std::uint64_t> shape;  // [0] may be unknown
    std::uint64_t row_items = 0;
    std::uint64_t row_bytes = 0;
    std::uint64_t rows = 0;  // so far

    bool known() const { return shape[0] != unknown; }
    std::string text() const {
        std::string sizes = known() ? std::to_string(shape[0]) : "unknown";
        for (const std::uint64_t n : std::span(shape).subspan(1)) sizes += ", " + std::to_string(n);
        return "array '" + name + "' of shape (" + sizes + (shape.size() == 1 ? ",)" : ")");
    }
};

// How many rows `event` brings; Error for what is not rows of this array, or more of them than it has.
std::uint64_t count_rows(const OpenRows& array, const ArrayEvent& event) {
    if (event.dtype != array.dtype)
        throw Error(ErrorCode::type, array.text() + " has items of type " + array.dtype.descr() + ", rows of " +
                                         event.dtype.descr() + " are appended");
    const std::span<const std::uint64_t> row = std::span(array.shape).subspan(1);
    std::uint64_t rows = 0;
    if (std::ranges::equal(event.shape, row)) {
        rows = 1;
    } else if (!event.shape.empty() && std::ranges::equal(event.shape.subspan(1), row)) {
        rows = event.shape[0];
    } else if (event.shape.size() == 1 && array.row_items > 0 && event.shape[0] % array.row_items == 0) {
        rows = event.shape[0] / array.row_items;
    } else {
        throw Error(ErrorCode::range, array.text() + " has rows of shape " + to_string(row) + " with " +
                                          std::to_string(array.row_items) + " items, shape " + to_string(event.shape) +
                                          " is appended");
    }
    if (array.known() && rows > array.shape[0] - array.rows)
        throw Error(ErrorCode::range, array.text() + " has " + std::to_string(array.rows) + " rows already, " +
                                          std::to_string(rows) + " more are appended");
    return rows;
}

}  // namespace

struct Writer::State {
    // Where it all goes, and what makes it visible there.
    struct Target {
        Sink* sink;
        std::unique_ptr<Sink> owned = {};
        std::function<void()> commit = {};
        std::string ending = {};  // the name whose ending tells the codec
    };
    enum class Phase : std::uint8_t { writing, closed, abandoned };

    State(Target where, const DumpOptions& how, std::string called);
    void begin(const DumpChoice& choice);
    template <class Work>
    void changing(Work work);
    void require_writing() const;
    void require_new(std::string_view entry) const;
    void next_entry(std::string_view entry);
    void require_all_rows() const;
    void end_array();
    void append(const ArrayEvent& event);
    template <class Fill>
    void append_made(std::uint64_t items, Fill fill);
    void abandon() noexcept;
    void close();

    Phase phase = Phase::writing;
    std::string name;  // of the file, for messages
    DumpOptions options;
    Target target;
    std::unique_ptr<EncodedSink> encoder;
    std::unique_ptr<ContainerWriter> container;
    RandomSink* random = nullptr;  // where a place that was passed may be written again
    const char* why_not_open = "";
    std::set<std::string, std::less<>> names;
    std::optional<OpenRows> array;
    std::uint64_t arrays = 0;  // begun so far
};

Writer::State::State(Target where, const DumpOptions& how, std::string called)
    : name(std::move(called)), options(how), target(std::move(where)) {
    if (options.append)
        throw Error(ErrorCode::usage,
                    "append is for jl::dump: a writer makes a file of its own, or writes where a sink stands");
    begin(choose_packing(options, target.ending));
}

void Writer::State::begin(const DumpChoice& choice) {
    const bool packs = choice.packer.packing != Packing::none;
    if (choice.stream || packs)
        why_not_open = "in a compressed file";
    else if (random = dynamic_cast<RandomSink*>(target.sink); !random || !random->position())
        random = nullptr, why_not_open = "where what was written cannot be written again";
    if (choice.stream) encoder = encoded(*target.sink, *choice.stream, {options.n_threads, {}});
    container = std::make_unique<ContainerWriter>(
        encoder ? *encoder : *target.sink,
        ContainerWriter::Options{choice.stream.has_value(), options.n_threads, options.progress, choice.packer});
    container->begin();
    container->emitter().begin(Container::dict, 0);  // a dict's size is not written
}

void Writer::State::abandon() noexcept {
    if (phase == Phase::writing) phase = Phase::abandoned;
    container.reset();
    encoder.reset();
    target.commit = {};
    target.owned.reset();
}

// What fails on the way leaves half a file: it is given up at once.
template <class Work>
void Writer::State::changing(Work work) {
    try {
        work();
    } catch (...) {
        abandon();
        throw;
    }
}

void Writer::State::require_writing() const {
    if (phase == Phase::closed) throw Error(ErrorCode::usage, "the writer is closed: nothing more can be written");
    if (phase == Phase::abandoned)
        throw Error(ErrorCode::usage, "the writer has failed before, or is gone: nothing of it is kept");
}

void Writer::State::require_new(std::string_view entry) const {
    if (names.contains(entry))
        throw Error(ErrorCode::usage, "'" + std::string(entry) + "' was written before: each name stands once");
}

void Writer::State::require_all_rows() const {
    if (!array || !array->known() || array->rows == array->shape[0]) return;
    throw Error(ErrorCode::usage, array->text() + " got " + std::to_string(array->rows) + " rows, " +
                                      std::to_string(array->shape[0]) + " were announced");
}

void Writer::State::end_array() {
    if (!array) return;
    const std::uint64_t rows = array->rows;
    array.reset();
    const auto place = container->end_array(rows);
    if (!place) return;
    std::byte number[8];
    detail::store_little(number, rows);
    random->write_at(*place, number);
}

void Writer::State::next_entry(std::string_view entry) {
    end_array();
    container->emitter().text(entry);
    names.emplace(entry);
}

// Items that are not in memory as the file has them, in pieces.
template <class Fill>
void Writer::State::append_made(std::uint64_t items, Fill fill) {
    const std::uint64_t itemsize = array->dtype.itemsize();
    const std::uint64_t step = std::max<std::uint64_t>(piece_bytes / itemsize, 1);
    Buffer piece(static_cast<std::size_t>(std::min(step, items) * itemsize));
    const bool padded = has_padding(array->dtype);
    for (std::uint64_t first = 0; first < items; first += step) {
        const auto bytes = piece.bytes().first(static_cast<std::size_t>(std::min(step, items - first) * itemsize));
        fill(first, bytes);
        if (padded) clear_padding(bytes, array->dtype);
        container->append(bytes);
    }
}

void Writer::State::append(const ArrayEvent& event) {
    const std::uint64_t itemsize = event.dtype.itemsize();
    const std::uint64_t nbytes = checked_nbytes(event.shape, itemsize);
    const std::uint64_t items = nbytes / itemsize;
    const bool turned = event.order == 'F' && event.shape.size() > 1;
    if (!event.fill && !turned && !has_padding(event.dtype)) return container->append(event.bytes);
    if (!turned)
        return append_made(items, [&](std::uint64_t first, std::span<std::byte> into) {
            if (event.fill) return event.fill(first, into);
            std::memcpy(into.data(), event.bytes.data() + first * itemsize, into.size());
        });
    Buffer whole;  // a lazy expression comes in its own order only
    std::span<const std::byte> bytes = event.bytes;
    if (event.fill) {
        whole = Buffer(static_cast<std::size_t>(nbytes));
        event.fill(0, whole.bytes());
        bytes = whole.bytes();
    }
    std::vector<std::ptrdiff_t> strides;
    std::ptrdiff_t stride = 1;
    for (const std::uint64_t n : event.shape) {
        strides.push_back(stride);
        stride *= static_cast<std::ptrdiff_t>(n);
    }
    append_made(items, [&](std::uint64_t first, std::span<std::byte> into) {
        gather(into, first, 'C', event.shape, bytes.data(), strides, static_cast<std::size_t>(itemsize));
    });
}

void Writer::State::close() {
    end_array();
    container->emitter().end();
    container->finish();
    if (encoder) encoder->finish();
    if (target.commit) target.commit();
    phase = Phase::closed;
    abandon();
}

// ---- Writer ----

namespace {

Writer::State::Target at_path(const std::string& path, const DumpOptions& options) {
    auto file = std::make_unique<AtomicFile>(path);
    const auto sync = options.sync ? AtomicFile::Sync::yes : AtomicFile::Sync::no;
    AtomicFile* const sink = file.get();
    return {sink, std::move(file), [sink, sync] { sink->commit(sync); }, path};
}

Writer::State::Target at_url(const std::string& url) {
    std::unique_ptr<CommittedSink> store = create_url(url);
    CommittedSink* const sink = store.get();
    return {sink, std::move(store), [sink] { sink->commit(); }, detail::name_in(url)};
}

}  // namespace

Writer::Writer(const std::filesystem::path& path, const DumpOptions& options) {
    std::string name = path.string();
    in_file(name, [&] {
        State::Target target = is_url(name) ? at_url(name) : at_path(name, options);
        state_ = std::make_shared<State>(std::move(target), options, name);
    });
}

Writer::Writer(Sink& sink, const DumpOptions& options)
    : state_(std::make_shared<State>(State::Target{&sink}, options, "")) {}

Writer::Writer(std::ostream& stream, const DumpOptions& options) {
    auto over = std::make_unique<StreamSink>(stream);
    Sink* const sink = over.get();
    state_ = std::make_shared<State>(State::Target{sink, std::move(over)}, options, "");
}

Writer::Writer(Writer&&) noexcept = default;

Writer& Writer::operator=(Writer&& other) noexcept {
    if (this == &other) return *this;
    if (state_) state_->abandon();
    state_ = std::move(other.state_);
    return *this;
}

Writer::~Writer() {
    if (state_) state_->abandon();
}

namespace {

OpenRows open_rows(std::string_view name, const DType& dtype, const std::vector<std::uint64_t>& shape) {
    OpenRows array{std::string(name), dtype, shape};
    if (shape.empty())
        throw Error(ErrorCode::usage, "array '" + array.name + "' of shape () has no rows: write it as a value");
    require_array(dtype, shape);
    const std::span<const std::uint64_t> row = std::span(shape).subspan(1);
    array.row_bytes = checked_nbytes(row, dtype.itemsize());
    array.row_items = array.row_bytes / dtype.itemsize();
    if (array.known())
        (void)checked_nbytes(shape, dtype.itemsize());
    else if (array.row_bytes == 0)
        throw Error(ErrorCode::usage, array.text() + " has rows without items: how many there are has to be known");
    return array;
}

}  // namespace

RowWriter Writer::array(std::string_view name, const DType& dtype, const std::vector<std::uint64_t>& shape) {
    State& state = *state_;
    in_file(state.name, [&] {
        state.require_writing();
        state.require_new(name);
        state.require_all_rows();
        OpenRows array = open_rows(name, dtype, shape);
        if (!array.known() && !state.random)
            throw Error(ErrorCode::unsupported, array.text() + ": the first dimension has to be known " +
                                                    state.why_not_open + "; its place there comes before the rows");
        state.changing([&] {
            state.next_entry(name);
            std::vector<std::uint64_t> written = shape;
            if (!array.known()) written[0] = 0;
            state.container->begin_array(dtype, written,
                                         array.known() ? ContainerWriter::Rows::known : ContainerWriter::Rows::open);
            state.array = std::move(array);
        });
    });
    return {state_, ++state.arrays};
}

void Writer::write_value(std::string_view name, const detail::Writing& write) {
    State& state = *state_;
    in_file(state.name, [&] {
        state.require_writing();
        state.require_new(name);
        state.require_all_rows();
        state.changing([&] {
            state.next_entry(name);
            write(state.container->emitter());
        });
    });
}

void Writer::close() {
    if (state_->phase == State::Phase::closed) return;
    in_file(state_->name, [&] {
        state_->require_writing();
        state_->require_all_rows();
        state_->changing([&] { state_->close(); });
    });
}

// ---- RowWriter ----

RowWriter::RowWriter(std::shared_ptr<Writer::State> writer, std::uint64_t number)
    : writer_(std::move(writer)), number_(number) {}

void RowWriter::write(const detail::Writing& rows) {
    Writer::State& state = *writer_;
    in_file(state.name, [&] {
        state.require_writing();
        if (!state.array || state.arrays != number_)
            throw Error(ErrorCode::usage, "rows are appended to an array that has ended");
        ArrayOnly out([&](const ArrayEvent& event) {
            const std::uint64_t count = count_rows(*state.array, event);
            state.changing([&] { state.append(event); });
            state.array->rows += count;
            rows_ = state.array->rows;
        });
        rows(out);
    });
}

}  // namespace jl
