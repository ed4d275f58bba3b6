// Events to cells: how a typed value becomes a jl::Value.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <jl/emitter.hpp>

#include "graph/array_node.hpp"
#include "pickle/document.hpp"

namespace jl {

class DocumentEmitter final : public Emitter {
  public:
    explicit DocumentEmitter(Document& document) : doc_(document) {}
    Cell root() const noexcept { return root_; }

    void none() override { put(Cell()); }
    void boolean(bool value) override { put(Cell::of(value)); }
    void integer(std::int64_t value) override { put(Cell::of(value)); }
    void unsigned_integer(std::uint64_t value) override { put(doc_.unsigned_integer(value)); }
    void big_integer(std::span<const std::byte> digits) override;
    void real(double value) override { put(Cell::of(value)); }
    void complex(double real, double imag) override { put(doc_.complex(real, imag)); }
    void text(std::string_view utf8) override;
    void bytes(std::span<const std::byte> bytes) override { put(doc_.bytes(CellKind::bytes, bytes)); }
    void array(const ArrayEvent& event) override;
    void scalar(const DType& dtype, std::span<const std::byte> item) override;
    void begin(Container container, std::uint64_t size) override;
    void end() override { open_.pop_back(); }
    void begin_object(std::string_view class_path, std::uint64_t attributes) override;
    void begin_slotted(std::string_view class_path, std::uint64_t attributes) override;
    void attribute(std::string_view name) override { put(doc_.text(name)); }
    void end_object() override { open_.pop_back(); }
    void bytearray(std::span<const std::byte> bytes) override { put(doc_.bytes(CellKind::bytearray, bytes)); }
    void class_ref(std::string_view module, std::string_view name) override;
    void dtype(const DType& dtype) override;
    void begin_call(Call how) override;
    void called() override;
    void begin_extend(Container container, std::uint64_t size) override;
    void plain_path() override {}
    void begin_state() override { open_.push_back({open_.back().cell, Part::state}); }
    void end_state() override { open_.pop_back(); }
    void end_call() override { open_.pop_back(); }
    bool share(const void* address, const std::type_info& type, std::shared_ptr<const void> keep) override;

  private:
    // Where the next value goes.
    enum class Part : std::uint8_t { items, key, value, call, state };
    struct Open {
        Cell cell;
        Part part;
        Cell key = {};
        int given = 0;  // call: callable, args, kwargs so far
    };
    void put(const Cell& cell);
    Object& make_object(std::string_view class_path);

    Document& doc_;
    Cell root_;
    std::vector<Open> open_;
    std::map<std::pair<const void*, std::string_view>, Cell> shared_;
    std::vector<Cell*> pending_;  // of shared objects that the next value is: several when pointers point to pointers
    std::vector<std::shared_ptr<const void>> kept_;
};

}  // namespace jl
