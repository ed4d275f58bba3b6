#include "parallel/message.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

#include "array/layout.hpp"
#include "graph/builder.hpp"
#include "graph/loading.hpp"
#include "graph/pickle_emitter.hpp"
#include "pickle/machine.hpp"

namespace jl {
namespace {

constexpr std::size_t writer_room = 2 * PickleWriter::short_payload;
// Payloads from here on are copied once, into the container that they are for.
constexpr std::uint64_t long_payload = std::uint64_t{64} << 10;

class MessageWriter final : public PayloadWriter {
  public:
    explicit MessageWriter(Sink& sink) : sink_(sink), pickle_(sink, writer_room), emitter_(pickle_, *this, {}) {}

    void write(const detail::Writing& write) {
        pickle_.opcode(op::proto), pickle_.opcode(static_cast<op::Opcode>(4));
        write(emitter_);
        pickle_.opcode(op::stop);
        pickle_.flush();
    }

  private:
    void payload(const ArrayEvent& array, std::uint64_t nbytes, Packing, std::string) override {
        pickle_.flush();
        if (array.fill)
            made_items(array, nbytes);
        else
            sink_.write(array.bytes);
        pickle_.passed_payload(nbytes);
    }
    void made_items(const ArrayEvent& array, std::uint64_t nbytes) {
        const std::uint64_t item = array.dtype.itemsize();
        const std::uint64_t step = item * std::max<std::uint64_t>(long_payload / item, 1);
        Buffer piece(static_cast<std::size_t>(std::min(step, nbytes)));
        for (std::uint64_t at = 0; at < nbytes; at += step) {
            const auto items = piece.bytes().first(static_cast<std::size_t>(std::min(step, nbytes - at)));
            array.fill(at / item, items);
            sink_.write(items);
        }
    }

    Sink& sink_;
    PickleWriter pickle_;
    PickleEmitter emitter_;
};

// Long payloads, read where the document is turned into typed values.
class PayloadsInMemory final : public PayloadSource {
  public:
    explicit PayloadsInMemory(std::span<const std::byte> bytes) : bytes_(bytes) {}
    void read(const ArrayNode& array, std::uint64_t first, std::span<std::byte> into) const override {
        if (!into.empty())
            std::memcpy(into.data(), &bytes_[static_cast<std::size_t>(*array.offset + first)], into.size());
    }

  private:
    std::span<const std::byte> bytes_;
};

class MessageLoader final : public PayloadLoader {
  public:
    MessageLoader(Document& document, std::span<const std::byte> bytes) : document_(document), bytes_(bytes) {}

    void load(ArrayNode& array, Input& in) override {
        if (array.packed) throw Error(ErrorCode::format, "a packed array, which no message has").at_byte(in.position());
        if (array.nbytes >= long_payload) {
            if (!in_memory_) in_memory_ = std::make_shared<PayloadsInMemory>(bytes_);
            array.deferred = in_memory_;
            document_.note_deferred();
            return in.skip(array.nbytes);
        }
        const auto size = static_cast<std::size_t>(array.nbytes);
        array.data = static_cast<std::byte*>(document_.arena().allocate(size));
        in.read({array.data, size});
    }

  private:
    Document& document_;
    std::span<const std::byte> bytes_;
    std::shared_ptr<const PayloadsInMemory> in_memory_;
};

}  // namespace

std::vector<std::byte> message_of(const detail::Writing& write) {
    std::vector<std::byte> bytes;
    VectorSink sink(bytes);
    MessageWriter(sink).write(write);
    return bytes;
}

void read_message(const detail::Reading& reading, std::span<const std::byte> bytes) {
    const MemorySource source(bytes);
    Input in(source, 0, bytes.size());
    auto document = std::make_shared<Document>();
    MessageLoader loader(*document, bytes);
    GraphBuilder builder(loader);
    const Cell root = Machine(in, *document, builder).run();
    LoadingState state(std::move(document), root, {});
    reading.read(Record(state, root));
}

}  // namespace jl
