// Events to the canonical encoding of a value (spec: hash), digested as they come.
//
//     DigestEmitter out(n_threads);   jl::emit(out, value);   key_of(out.finish(), "md5");
//
// What dump spells in several ways is told in one: layouts, byte orders, the calls that make arrays of classes. One
// thread; payloads are digested on several.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <jl/emitter.hpp>

#include "graph/array_taker.hpp"
#include "hash/bodies.hpp"
#include "hash/known_dtypes.hpp"
#include "hash/payload.hpp"

namespace jl::detail {

class DigestEmitter final : public Emitter, public ArrayTaker {
  public:
    explicit DigestEmitter(unsigned n_threads) : payload_(n_threads) {}
    std::span<const std::byte> finish() { return bodies_.finish(); }

    void none() override { leaf(Tag::none); }
    void boolean(bool value) override { leaf(value ? Tag::yes : Tag::no); }
    void integer(std::int64_t value) override;
    void unsigned_integer(std::uint64_t value) override;
    void big_integer(std::span<const std::byte> digits) override;
    void real(double value) override;
    void complex(double real, double imag) override;
    void text(std::string_view utf8) override;
    void bytes(std::span<const std::byte> bytes) override { sized(Tag::bytes, bytes); }
    void array(const ArrayEvent& event) override { array_of_class(event, {}); }
    void scalar(const DType& dtype, std::span<const std::byte> item) override;
    void begin(Container container, std::uint64_t size) override;
    void end() override { bodies_.close(); }
    void begin_object(std::string_view class_path, std::uint64_t attributes) override;
    void begin_slotted(std::string_view class_path, std::uint64_t attributes) override;
    void attribute(std::string_view name) override { text(name); }
    void end_object() override;
    void bytearray(std::span<const std::byte> bytes) override { sized(Tag::bytearray, bytes); }
    void class_ref(std::string_view module, std::string_view name) override;
    void dtype(const DType& dtype) override;
    void begin_call(Call how) override;
    void called() override {}
    void begin_extend(Container container, std::uint64_t size) override;
    void begin_state() override { bodies_.put(Tag::state); }
    void end_state() override {}
    void end_call() override;
    bool share(const void* address, const std::type_info& type, std::shared_ptr<const void> keep) override;
    bool row_major() const noexcept override { return true; }

    void array_of_class(const ArrayEvent& event, std::string_view class_path) override;
    void begin_object_array(const DType& dtype, std::span<const std::uint64_t> shape,
                            std::string_view class_path) override;

  private:
    // An object whose body is open.
    struct Open {
        std::size_t depth;         // of its body
        bool named = false;        // its callable was told
        bool sorts_pairs = false;  // of a class whose dict knows no order
        std::uint8_t closes = 0;   // bodies that end_object() closes
    };
    void leaf(Tag tag) { bodies_.put(tag), bodies_.item_done(); }
    void sized(Tag tag, std::span<const std::byte> payload);
    void put_text(std::string_view text);
    void put_shape(std::span<const std::uint64_t> shape);
    void put_dtype(const DType& dtype) { bodies_.put(dtypes_.encoding(dtype)); }
    void begin_attributes(std::string_view class_path);

    Bodies bodies_;
    Payload payload_;
    KnownDTypes dtypes_;
    std::vector<Open> objects_;
};

}  // namespace jl::detail
