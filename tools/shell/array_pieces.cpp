#include "shell/array_pieces.hpp"

#include <algorithm>
#include <numeric>

#include <jl/buffer.hpp>
#include <jl/emitter.hpp>

namespace jl::shell {
namespace {

constexpr std::size_t chunk = std::size_t{1} << 20;  // pieces of whole checksum chunks are read without a copy

// Takes the one array that a value of kind array tells of.
class ArrayEmitter final : public Emitter {
  public:
    explicit ArrayEmitter(const std::function<void(std::span<const std::byte>)>& take) : take_(take) {}

    void array(const ArrayEvent& event) override {
        if (!event.fill) return take_(event.bytes);
        std::uint64_t count = 1;
        for (const std::uint64_t extent : event.shape) count *= extent;
        const auto item = static_cast<std::size_t>(std::max<std::uint64_t>(event.dtype.itemsize(), 1));
        const std::size_t common = std::lcm(item, chunk);
        const std::uint64_t step = common <= 16 * chunk ? common / item : std::max<std::size_t>(chunk / item, 1);
        Buffer piece(static_cast<std::size_t>(std::min(step, count)) * item);
        for (std::uint64_t first = 0; first < count; first += step) {
            const auto bytes = piece.bytes().first(static_cast<std::size_t>(std::min(step, count - first)) * item);
            event.fill(first, bytes);
            take_(bytes);
        }
    }
    bool share(const void*, const std::type_info&, std::shared_ptr<const void>) override { return false; }

    void none() override { refuse(); }
    void boolean(bool) override { refuse(); }
    void integer(std::int64_t) override { refuse(); }
    void unsigned_integer(std::uint64_t) override { refuse(); }
    void big_integer(std::span<const std::byte>) override { refuse(); }
    void real(double) override { refuse(); }
    void complex(double, double) override { refuse(); }
    void text(std::string_view) override { refuse(); }
    void bytes(std::span<const std::byte>) override { refuse(); }
    void scalar(const DType&, std::span<const std::byte>) override { refuse(); }
    void begin(Container, std::uint64_t) override { refuse(); }
    void end() override { refuse(); }
    void begin_object(std::string_view, std::uint64_t) override { refuse(); }
    void attribute(std::string_view) override { refuse(); }
    void end_object() override { refuse(); }
    void bytearray(std::span<const std::byte>) override { refuse(); }
    void class_ref(std::string_view, std::string_view) override { refuse(); }
    void dtype(const DType&) override { refuse(); }
    void begin_call(Call) override { refuse(); }
    void called() override { refuse(); }
    void begin_extend(Container, std::uint64_t) override { refuse(); }
    void plain_path() override { refuse(); }
    void begin_state() override { refuse(); }
    void end_state() override { refuse(); }
    void end_call() override { refuse(); }

  private:
    [[noreturn]] static void refuse() { throw Error(ErrorCode::type, "this array cannot be read in pieces"); }
    const std::function<void(std::span<const std::byte>)>& take_;
};

}  // namespace

void for_each_piece(const Value& array, const std::function<void(std::span<const std::byte>)>& take) {
    // Subclasses are emitted as objects; their items are read as a whole.
    if (!array.class_name().empty()) return take(array.array_bytes());
    ArrayEmitter emitter(take);
    jl::emit(emitter, array);
}

}  // namespace jl::shell
