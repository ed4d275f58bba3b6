// Makes natural values of the classes on the allow-list, and arrays of joblib's and numpy's own spellings.
//
// Plugs into the pickle machine's one hook. Constructors that are not called as Python calls them are left as opaque
// objects, except those of arrays: a damaged array is an error.
#pragma once

#include "graph/array_node.hpp"
#include "graph/known_classes.hpp"
#include "pickle/machine.hpp"

namespace jl {

// Decides where the payload of an array record goes. The input stands at its first byte; load() must leave it behind
// the last.
class PayloadLoader {
  public:
    virtual ~PayloadLoader() = default;
    virtual void load(ArrayNode& array, Input& in) = 0;
    // False: the payload of the next array is somewhere else, and load() consumes nothing.
    virtual bool comes_from_input() const noexcept { return true; }
};

class Companions;

class GraphBuilder final : public Builder {
  public:
    enum class Level { outer, nested };  // nested: the pickle of an object array, where no array record may stand
    // `companions`: files beside the pickle, null where it has no place of its own.
    explicit GraphBuilder(PayloadLoader& loader, Companions* companions = nullptr, Level level = Level::outer)
        : loader_(loader), companions_(companions), level_(level) {}

    int classify(std::string_view module, std::string_view name) override;
    bool reduce(Machine& machine, const ClassRef& callable, const Cell& args, Cell& made) override;
    bool build(Machine& machine, Cell& object, const Cell& state) override;

  private:
    struct Wrapper {
        const DType* dtype = nullptr;
        Shape shape;
        char order = 'C';
        const ClassRef* type = nullptr;
        bool padded = false;              // joblib >= 1.2: a length byte and padding come before the payload
        Packing packing = Packing::none;  // then `dtype` is that of the items
    };

    bool reduce_array(Machine& machine, Known known, const Items<Cell>& args, Cell& made);
    bool reduce_container(Machine& machine, Known known, const ClassRef& callable, const Cell& arguments, Cell& made);
    bool reduce_object(Machine& machine, Known known, const Items<Cell>& args, Cell& made);
    void read_record(Machine& machine, Cell& object, const Cell& state);
    static void read_packing(Machine& machine, const Cell& cell, Wrapper& wrapper);
    void read_array(Machine& machine, Cell& object, const Wrapper& wrapper);
    void read_objects(Machine& machine, Cell& object, const Wrapper& wrapper);
    void read_companion(Machine& machine, Cell& object, const Cell& state);
    const Wrapper& wrapper_from(Machine& machine, const Cell& state);
    void fill_array(Machine& machine, ArrayNode& array, const Cell& state);
    void set_items(Machine& machine, ArrayNode& array, const Cell& data);

    PayloadLoader& loader_;
    Companions* companions_;
    Level level_;
    const Dict* last_state_ = nullptr;  // equal arrays share their state dict: parsed once
    Wrapper last_;
};

}  // namespace jl
