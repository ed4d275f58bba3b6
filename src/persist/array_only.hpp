// An emitter for what has to be one array: hands its event on, refuses every other value by its kind.
//
//     ArrayOnly out([&](const ArrayEvent& event) { … });   jl::emit(out, rows);
#pragma once

#include <functional>

#include <jl/emitter.hpp>

namespace jl {

class ArrayOnly final : public Emitter {
  public:
    using Use = std::function<void(const ArrayEvent&)>;
    explicit ArrayOnly(Use use) : use_(std::move(use)) {}

    void array(const ArrayEvent& event) override { use_(event); }
    bool share(const void*, const std::type_info&, std::shared_ptr<const void>) override { return false; }

    // Error{type}, all of them.
    void none() override { refuse("None"); }
    void boolean(bool) override { refuse("a bool"); }
    void integer(std::int64_t) override { refuse("an int"); }
    void unsigned_integer(std::uint64_t) override { refuse("an int"); }
    void big_integer(std::span<const std::byte>) override { refuse("an int"); }
    void real(double) override { refuse("a float"); }
    void complex(double, double) override { refuse("a complex"); }
    void text(std::string_view) override { refuse("a str"); }
    void bytes(std::span<const std::byte>) override { refuse("bytes"); }
    void scalar(const DType&, std::span<const std::byte>) override { refuse("a scalar of numpy"); }
    void begin(Container container, std::uint64_t) override;
    void end() override {}
    void begin_object(std::string_view, std::uint64_t) override { refuse("an object"); }
    void begin_slotted(std::string_view, std::uint64_t) override { refuse("an object"); }
    void attribute(std::string_view) override {}
    void end_object() override {}
    void bytearray(std::span<const std::byte>) override { refuse("a bytearray"); }
    void class_ref(std::string_view, std::string_view) override { refuse("a class"); }
    void dtype(const DType&) override { refuse("a dtype"); }
    void begin_call(Call) override { refuse("an object"); }
    void called() override {}
    void begin_extend(Container, std::uint64_t) override {}
    void begin_state() override {}
    void end_state() override {}
    void end_call() override {}

  private:
    [[noreturn]] static void refuse(const char* kind);

    Use use_;
};

}  // namespace jl
