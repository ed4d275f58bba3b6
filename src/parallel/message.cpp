#include "parallel/message.hpp"

#include <cstring>
#include <memory>
#include <utility>

#include <jl/detail/byte_order.hpp>

#include "array/layout.hpp"
#include "graph/builder.hpp"
#include "graph/loading.hpp"
#include "graph/pickle_emitter.hpp"
#include "parallel/array_pieces.hpp"
#include "pickle/machine.hpp"

namespace jl {
namespace {

constexpr std::size_t writer_room = 2 * PickleWriter::short_payload;
// Payloads from here on are copied once, into the container that they are for.
constexpr std::uint64_t long_payload = std::uint64_t{64} << 10;

thread_local PayloadsOutside* outside = nullptr;

// An array of a message whose payload is outside. Behind the pickle stand these, and how many they are.
struct Reference {
    std::uint64_t array = 0;  // counted from 0 in the order of the pickle
    std::uint64_t number = 0;
};
constexpr std::size_t reference_bytes = 16;
constexpr std::size_t count_bytes = 4;

void append_references(std::vector<std::byte>& bytes, std::span<const Reference> references) {
    const std::size_t begin = bytes.size();
    bytes.resize(begin + references.size() * reference_bytes + count_bytes);
    std::byte* to = bytes.data() + begin;
    for (const Reference& reference : references) {
        detail::store_little(to, reference.array), detail::store_little(to + 8, reference.number);
        to += reference_bytes;
    }
    detail::store_little(to, static_cast<std::uint32_t>(references.size()));
}

// Takes them off the end of `bytes`.
std::vector<Reference> take_references(std::span<const std::byte>& bytes) {
    if (bytes.size() < count_bytes) throw Error(ErrorCode::truncated, "a message ends before its end");
    bytes = bytes.first(bytes.size() - count_bytes);
    const auto count = detail::load_little<std::uint32_t>(bytes.data() + bytes.size());
    if (count > bytes.size() / reference_bytes)
        throw Error(ErrorCode::format, "a message claims " + std::to_string(count) + " payloads outside of it");
    bytes = bytes.first(bytes.size() - count * reference_bytes);
    std::vector<Reference> references(count);
    const std::byte* from = bytes.data() + bytes.size();
    for (Reference& reference : references) {
        reference = {detail::load_little<std::uint64_t>(from), detail::load_little<std::uint64_t>(from + 8)};
        from += reference_bytes;
    }
    return references;
}

class MessageWriter final : public PayloadWriter {
  public:
    explicit MessageWriter(Sink& sink) : sink_(sink), pickle_(sink, writer_room), emitter_(pickle_, *this, {}) {}

    std::vector<Reference> write(const detail::Writing& write) {
        pickle_.opcode(op::proto), pickle_.opcode(static_cast<op::Opcode>(4));
        write(emitter_);
        pickle_.opcode(op::stop);
        pickle_.flush();
        return std::move(references_);
    }

  private:
    void payload(const ArrayEvent& array, std::uint64_t nbytes, Packing, std::string) override {
        const std::uint64_t index = arrays_++;
        if (const auto number = outside ? outside->put(array, nbytes) : std::nullopt) {
            references_.push_back({index, *number});
            return;
        }
        pickle_.flush();
        if (array.fill)
            for_each_piece(array, nbytes, long_payload,
                           [&](std::uint64_t, std::span<const std::byte> items) { sink_.write(items); });
        else
            sink_.write(array.bytes);
        pickle_.passed_payload(nbytes);
    }

    Sink& sink_;
    PickleWriter pickle_;
    PickleEmitter emitter_;
    std::uint64_t arrays_ = 0;
    std::vector<Reference> references_;
};

// Payloads that are copied once, where the document is turned into typed values.
class PayloadInMemory final : public PayloadSource {
  public:
    PayloadInMemory(std::span<const std::byte> bytes, std::shared_ptr<void> owner)
        : bytes_(bytes), owner_(std::move(owner)) {}
    void read(const ArrayNode&, std::uint64_t first, std::span<std::byte> into) const override {
        if (!into.empty()) std::memcpy(into.data(), &bytes_[static_cast<std::size_t>(first)], into.size());
    }

  private:
    std::span<const std::byte> bytes_;
    std::shared_ptr<void> owner_;
};

// The others of the message are read.
class AbsentPayload final : public PayloadSource {
  public:
    explicit AbsentPayload(std::string problem) : problem_(std::move(problem)) {}
    void read(const ArrayNode&, std::uint64_t, std::span<std::byte>) const override {
        throw Error(ErrorCode::io, problem_);
    }

  private:
    std::string problem_;
};

class MessageLoader final : public PayloadLoader {
  public:
    MessageLoader(Document& document, std::span<const std::byte> bytes, std::span<const Reference> references)
        : document_(document), bytes_(bytes), references_(references) {}

    bool comes_from_input() const noexcept override {
        return references_.empty() || references_.front().array != arrays_;
    }
    void load(ArrayNode& array, Input& in) override {
        if (array.packed) throw Error(ErrorCode::format, "a packed array, which no message has").at_byte(in.position());
        const bool is_here = comes_from_input();
        ++arrays_;
        if (!is_here) return refer(array);
        const auto size = static_cast<std::size_t>(array.nbytes);
        if (array.nbytes >= long_payload) {
            const auto place = static_cast<std::size_t>(in.position());
            in.skip(array.nbytes);
            return defer(array, std::make_shared<PayloadInMemory>(bytes_.subspan(place, size), nullptr));
        }
        array.data = static_cast<std::byte*>(document_.arena().allocate(size));
        in.read({array.data, size});
    }

  private:
    void refer(ArrayNode& array) {
        const std::uint64_t number = references_.front().number;
        references_ = references_.subspan(1);
        if (!outside) throw Error(ErrorCode::format, "a message refers to payloads outside of it");
        PayloadsOutside::Found found = outside->get(number);
        if (!found.problem.empty()) return defer(array, std::make_shared<AbsentPayload>(std::move(found.problem)));
        if (found.bytes.size() != array.nbytes)
            throw Error(ErrorCode::format, "an array of " + std::to_string(array.nbytes) + " bytes refers to " +
                                               std::to_string(found.bytes.size()) + " bytes outside of its message");
        if (!found.may_stay)
            return defer(array, std::make_shared<PayloadInMemory>(found.bytes, std::move(found.owner)));
        array.data = found.bytes.data();
        array.owner = std::move(found.owner);
        array.in_map = true;
        array.write_through = found.write_through;
    }
    void defer(ArrayNode& array, std::shared_ptr<const PayloadSource> payload) {
        array.deferred = std::move(payload);
        document_.note_deferred();
    }

    Document& document_;
    std::span<const std::byte> bytes_;
    std::span<const Reference> references_;
    std::uint64_t arrays_ = 0;
};

}  // namespace

OutsideScope::OutsideScope(PayloadsOutside& payloads) : outer_(std::exchange(outside, &payloads)) {}
OutsideScope::~OutsideScope() { outside = outer_; }

std::vector<std::byte> message_of(const detail::Writing& write) {
    std::vector<std::byte> bytes;
    VectorSink sink(bytes);
    append_references(bytes, MessageWriter(sink).write(write));
    return bytes;
}

void read_message(const detail::Reading& reading, std::span<const std::byte> bytes) {
    const std::vector<Reference> references = take_references(bytes);
    const MemorySource source(bytes);
    Input in(source, 0, bytes.size());
    auto document = std::make_shared<Document>();
    MessageLoader loader(*document, bytes, references);
    GraphBuilder builder(loader);
    const Cell root = Machine(in, *document, builder).run();
    LoadingState state(std::move(document), root, {});
    reading.read(Record(state, root));
}

}  // namespace jl
