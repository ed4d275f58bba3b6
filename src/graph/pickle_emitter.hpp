// Events to canonical opcodes: the writing side of the graph.
//
//     PickleEmitter out(writer, payloads, {});   jl::emit(out, value);
//
// Keeps the path of the current value, shares what is shared, spells array records. Payload bytes go to the
// PayloadWriter, which the floor above provides. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <jl/emitter.hpp>

#include "array/packing.hpp"
#include "graph/dtype_pickle.hpp"
#include "pickle/writer.hpp"

namespace jl {

class PayloadWriter {
  public:
    virtual ~PayloadWriter() = default;
    // Writes exactly `nbytes` payload bytes of the array at the pickle writer's position.
    // packing other than none: the packed form in its place.
    virtual void payload(const ArrayEvent& array, std::uint64_t nbytes, Packing packing, std::string path) = 0;
};

struct PickleOptions {
    bool allow_mmap = true;    // false in compressed files
    std::uint64_t origin = 0;  // position of the container's first byte, for alignment
    Packer packer = {};
};

class PickleEmitter final : public Emitter {
  public:
    PickleEmitter(PickleWriter& writer, PayloadWriter& payloads, PickleOptions options)
        : out_(writer), payloads_(payloads), options_(std::move(options)) {}

    void none() override { next(), out_.none(), remember(); }
    void boolean(bool value) override { next(), out_.boolean(value), remember(); }
    void integer(std::int64_t value) override;
    void unsigned_integer(std::uint64_t value) override;
    void big_integer(std::span<const std::byte> digits) override;
    void real(double value) override { next(), out_.real(value), remember(); }
    void complex(double real, double imag) override { next(), out_.complex(real, imag), remember(); }
    void text(std::string_view utf8) override;
    void bytes(std::span<const std::byte> bytes) override { next(), out_.bytes(bytes), remember(); }
    void array(const ArrayEvent& event) override;
    void scalar(const DType& dtype, std::span<const std::byte> item) override;
    void begin(Container container, std::uint64_t size) override;
    void end() override;
    void begin_object(std::string_view class_path, std::uint64_t attributes) override;
    void begin_slotted(std::string_view class_path, std::uint64_t attributes) override;
    void attribute(std::string_view name) override;
    void end_object() override;
    void bytearray(std::span<const std::byte> bytes) override { next(), out_.bytearray(bytes), remember(); }
    void class_ref(std::string_view module, std::string_view name) override {
        next(), out_.class_ref(module, name), remember();
    }
    void dtype(const DType& dtype) override { next(), dtypes_.write(out_, dtype), remember(); }
    void begin_call(Call how) override;
    void called() override;
    void begin_extend(Container container, std::uint64_t size) override;
    void plain_path() override { plain_path_ = true; }
    void begin_state() override {
        out_.begin_bare();
        levels_.push_back({Step::state});
    }
    void end_state() override;
    void end_call() override;
    // array() in parts, for a payload that comes piece by piece: the record, then the payload by the caller, then
    // end_array. Rows::open: shape[0] is an open number of the writer.
    enum class Rows : std::uint8_t { known, open };
    Packing begin_array(const ArrayEvent& event, Rows rows = Rows::known);
    void end_array();
    bool share(const void* address, const std::type_info& type, std::shared_ptr<const void> keep) override;

    std::string path() const;  // of the value that was announced last, "/" at the root

  private:
    enum class Step : std::uint8_t { none, index, key, value, attribute, call, state };
    struct Level {
        Step step;
        Call how = Call::reduce;
        std::uint64_t index = 0;
        std::string key = {};
        bool slotted = false;           // begin_slotted: two levels more stand below
        bool named = false;             // the key has a text; else its position names it
        std::uint32_t* memo = nullptr;  // begin_call: where the object's index goes once it exists
    };
    struct Identity {
        const void* address;
        const std::type_info* type;
        bool operator==(const Identity& other) const { return address == other.address && *type == *other.type; }
    };
    struct IdentityHash {
        std::size_t operator()(const Identity& id) const {
            return std::hash<const void*>()(id.address) ^ id.type->hash_code();
        }
    };
    struct Shared {
        std::uint32_t index = PickleWriter::no_memo;
        std::shared_ptr<const void> keep;
    };

    void next();
    void make_object(std::string_view class_path);
    void key_text(std::string_view text);
    // Memoizes a value that was just written, if it is a shared one.
    void remember() {
        if (pending_) *take_pending() = out_.memoize();
    }
    std::uint32_t* take_pending() { return std::exchange(pending_, nullptr); }
    void require_record(const ArrayEvent& event) const;
    std::uint32_t state_of(const ArrayEvent& event);
    std::uint32_t find_state(const ArrayEvent& event);
    void memoize_state(const ArrayEvent& event, Rows rows, std::uint32_t& memo);
    Packing packing_of(const ArrayEvent& event) const;
    void write_state(const ArrayEvent& event, Rows rows, Packing packing);
    void write_record(std::uint32_t state);

    PickleWriter& out_;
    PayloadWriter& payloads_;
    PickleOptions options_;
    DTypeWriter dtypes_;
    std::vector<Level> levels_;
    std::unordered_map<Identity, Shared, IdentityHash> shared_;
    std::uint32_t* pending_ = nullptr;
    bool plain_path_ = false;
    std::unordered_map<std::string, std::uint32_t> states_;  // of array records, by dtype, shape and order
    std::uint32_t wrapper_class_ = PickleWriter::no_memo;
    DType last_dtype_;  // of the last record: arrays of one kind often come in runs
    std::vector<std::uint64_t> last_shape_;
    char last_order_ = 0;
    std::uint32_t last_state_ = PickleWriter::no_memo;
};

// A step of a path: '/' and '%' in keys are spelled %2F and %25.
void append_step(std::string& path, std::string_view step);

}  // namespace jl
